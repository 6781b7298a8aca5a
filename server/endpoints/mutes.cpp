#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/muted.hpp"
#include "server/endpoints/reasons.hpp"
#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

constexpr std::size_t kLongestValue = 1'024;  // bytes: an organisation has many, and all of them are in memory

core::Error absent() { return {core::Code::not_found, "There is no such indicator.", "", ""}; }

core::Result<void> take_subject(Members& members, store::Mute& mute) {
  auto const indicator = members.optional_text("indicator"), kind = members.optional_text("kind"),
             value = members.optional_text("value");
  if (indicator.has_value() == (kind && value) || kind.has_value() != value.has_value())
    return core::fail(core::Code::bad_parameter, "The body names neither an indicator nor a value, or both.", "",
                      R"(Send {"indicator":"indicator--…"} or {"kind":"ip-range","value":"203.0.113.0/24"}.)");
  if (value && value->size() > kLongestValue)
    return core::fail(core::Code::bad_parameter, "`value` is longer than " + std::to_string(kLongestValue) + " bytes.",
                      "/value", "Mute the indicators of it by their ids.");
  auto subject = indicator ? catalog::mute_subject(*indicator) : catalog::mute_subject(*kind, *value);
  if (!subject) return std::unexpected(subject.error());
  mute.subject = *std::move(subject);
  mute.kind = kind.value_or("");
  mute.value = indicator ? mute.subject : *value;
  return {};
}

constexpr ReasonFor kMuting{"because", "/because", "Say in a sentence why your organisation does not act on it.",
                            "Your colleagues are told it: take it out."};

core::Result<std::optional<std::int64_t>> until_of(std::optional<std::string> const& given, std::int64_t now_us) {
  if (!given) return std::nullopt;
  auto const until = stix::Timestamp::parse(*given);
  if (until && until->microseconds() > now_us) return until->microseconds();
  return core::fail(core::Code::bad_parameter, "`until` is no timestamp, or has passed.", "/until",
                    "Write it as 2027-01-31T12:00:00Z, or leave it out.");
}

Later<store::Mute> asked_of(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  store::Mute out;
  out.because = members->text("because");
  out.added_us = context.clock.now_us();
  out.credential = request.principal->credential_id;
  auto const given = members->optional_text("until");
  if (auto taken = take_subject(*members, out); !taken) co_return std::unexpected(taken.error());
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  if (auto good = check_reason(out.because, kMuting); !good) co_return std::unexpected(good.error());
  auto const until = until_of(given, out.added_us);
  if (!until) co_return std::unexpected(until.error());
  out.until_us = *until;
  co_return out;
}

// Whether the caller's credential is to see less than its organisation may.
bool is_limited(Context const& context, http::Request const& request) {
  auto const directory = context.registry.current();
  auto const* session = directory->session(request.principal->credential_id);
  if (session == nullptr) return true;
  auto const& limits = session->credential;
  return !limits.collections.empty() || !limits.kinds.empty() || limits.max_tlp.has_value();
}

// Those of values, and of the indicators that the caller is shown. To who sees less, others are not there.
Later<std::vector<store::Mute>> shown_of(Context& context, http::Request const& request, std::vector<store::Mute> all) {
  using Mutes = std::vector<store::Mute>;
  auto const seen = seen_by(context, request);
  co_return co_await context.bridge.run<Mutes>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<Mutes> {
        Mutes out;
        for (auto& mute : all) {
          if (mute.kind.empty()) {
            auto const found = reader.indicators().find(seen.sight, stix::Identifier::parse(mute.value)->uuid());
            if (!found) return std::unexpected(found.error());
            if (found->empty()) continue;
          }
          out.push_back(std::move(mute));
        }
        return out;
      });
}

json rendered_mute(store::Mute const& mute) {
  json out = muted_as(mute);
  out[mute.kind.empty() ? "indicator" : "value"] = mute.value;
  if (!mute.kind.empty()) out["kind"] = mute.kind;
  out["added"] = stix::Timestamp::from_microseconds(mute.added_us).text();
  out["credential"] = mute.credential;
  return out;
}

}  // namespace

json muted_as(store::Mute const& mute) {
  json out{{"because", mute.because}};
  if (mute.until_us) out["until"] = stix::Timestamp::from_microseconds(*mute.until_us).text();
  return out;
}

// Of the caller's organisation, those that have not ended.
Answer list_mutes(Context& context, http::Request& request) {
  auto const own = context.mutes.of(request.principal->organisation);
  auto const now_us = context.clock.now_us();
  core::Result<std::vector<store::Mute>> mutes = own->all();
  std::erase_if(*mutes, [&](auto const& mute) { return mute.until_us && *mute.until_us <= now_us; });
  if (is_limited(context, request)) mutes = co_await shown_of(context, request, *std::move(mutes));
  if (!mutes) co_return error_answer(request, mutes.error());
  json list = json::array();
  for (auto const& mute : *mutes) list.push_back(rendered_mute(mute));
  co_return json_answer(200, {{"mutes", std::move(list)}, {"most", catalog::kMostMutes}});
}

Answer add_mute(Context& context, http::Request& request) {
  auto const asked = co_await asked_of(context, request);
  if (!asked) co_return error_answer(request, asked.error());
  auto const shown = co_await shown_of(context, request, std::vector(1, *asked));
  if (!shown) co_return error_answer(request, shown.error());
  if (shown->empty()) co_return error_answer(request, absent());  // what the caller does not see cannot be muted
  auto const done = co_await change<Done>(
      context, request, without_value([&] { return context.mutes.add(request.principal->organisation, *asked); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, rendered_mute(*asked));
}

Answer remove_mute(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  store::Mute asked;
  if (auto taken = take_subject(*members, asked); !taken) co_return error_answer(request, taken.error());
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  if (is_limited(context, request)) {
    auto const shown = co_await shown_of(context, request, std::vector(1, asked));
    if (!shown) co_return error_answer(request, shown.error());
    if (shown->empty()) co_return json_answer(200, {{"removed", false}});
  }
  auto const removed = co_await change<bool>(
      context, request, [&] { return context.mutes.remove(request.principal->organisation, asked.subject); });
  if (!removed) co_return error_answer(request, removed.error());
  co_return json_answer(200, {{"removed", *removed}});
}

}  // namespace tocsin::endpoints
