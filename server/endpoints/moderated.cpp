#include "server/endpoints/moderated.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/moderation.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/reasons.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

store::Collection const* collection_at(access::Directory const& directory, store::RowId row) {
  auto const& all = directory.tables().collections;
  auto const found = std::ranges::find(all, row, &store::Collection::row);
  return found == all.end() ? nullptr : &*found;
}

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

core::Result<std::vector<core::Uuid>> ids_of(std::vector<std::string> const& texts) {
  if (texts.empty() || texts.size() > kMostWaitingIds)
    return core::fail(core::Code::bad_parameter,
                      "`ids` names nothing, or more than " + std::to_string(kMostWaitingIds) + ".", "/ids",
                      "Send ids of the list, in several requests if need be.");
  std::vector<core::Uuid> out;
  for (auto const& text : texts) {
    auto const id = core::parse_uuid(text);
    if (!id)
      return core::fail(core::Code::bad_parameter, "`ids` holds what is no id.", "/ids", "Send ids of the list.");
    out.push_back(*id);
  }
  return out;
}

constexpr ReasonFor kRefusal{"because", "/because", "Say in a sentence what its submitter should know.",
                             "Its submitter is told it: take it out."};

// The entry as the caller is told of it; null: not at all.
json told_entry(access::Directory const& directory, access::View const& view, store::WaitingEntry const& entry,
                bool own) {
  bool const shown = is_shown(view, entry.class_key, entry.kind, entry.type, own);
  if (!reaches(directory, view, entry.collection) || (own && !shown)) return nullptr;
  return waiting_json(directory, entry, shown);
}

}  // namespace

bool waits(Context const& context, http::Request const& request, store::Collection const& collection) {
  return access::waits(*context.registry.current(), collection, request.principal->organisation,
                       context.settings.identity);
}

bool reaches(access::Directory const& directory, access::View const& view, store::RowId collection) {
  auto const* found = collection_at(directory, collection);
  return found != nullptr && directory.collection(found->id, view) != nullptr;
}

bool is_shown(access::View const& view, std::string const& class_key, std::string const& kind, std::string const& type,
              bool own) {
  auto const facts = access::parse_class_key(class_key);
  if (!facts) return false;
  auto const& kinds = view.window.kinds;
  auto const has = [&](std::string const& name) { return std::ranges::find(kinds, name) != kinds.end(); };
  if (!kinds.empty() && !has(kind) && !has(type)) return false;
  return own ? access::sees_own(view.reader, *facts) : access::sees(view.reader, *facts);
}

json waiting_json(access::Directory const& directory, store::WaitingEntry const& entry, bool shown) {
  constexpr std::array<char const*, 4> kStates{"waiting", "published", "refused", "withdrawn"};
  auto const* organisation = directory.organisation(entry.organisation);
  auto const* collection = collection_at(directory, entry.collection);
  json out{{"id", core::to_text(entry.id)},
           {"state", kStates[static_cast<std::size_t>(entry.state)]},
           {"organisation", organisation != nullptr ? organisation->name : ""},
           {"collection", collection != nullptr ? collection->alias : ""},
           {"kind", entry.kind},
           {"objects", entry.objects},
           {"received", time_text(entry.received_us)}};
  if (entry.ended_us) out["ended"] = time_text(*entry.ended_us);
  if (!entry.because.empty()) out["because"] = entry.because;
  if (!shown) return out;
  out["object"] = stix::Identifier::make(entry.type, entry.uuid).text();
  if (!entry.version.empty()) out["version"] = entry.version;
  if (auto const facts = access::parse_class_key(entry.class_key)) out["tlp"] = stix::name(facts->level);
  return out;
}

http::Awaitable<http::Response> waiting_list(Context& context, http::Request const& request, store::WaitingQuery query,
                                             std::string_view place) {
  auto const portion = portion_of(request.query, context.cursors, place, kWaitingLimits);
  if (!portion) co_return error_answer(request, portion.error());
  query.after = portion->after;
  query.limit = portion->limit + 1;
  auto entries = co_await context.bridge.run<std::vector<store::WaitingEntry>>(
      request.principal->organisation, [&](store::ReadStore& reader) { return reader.waiting().list(query); });
  if (!entries) co_return error_answer(request, entries.error());
  bool const complete = entries->size() <= portion->limit;
  if (!complete) entries->pop_back();
  auto const directory = context.registry.current();
  json list = json::array();
  for (auto const& entry : *entries)
    if (auto told =
            told_entry(*directory, view_of(request), entry, entry.organisation == request.principal->organisation);
        !told.is_null())
      list.push_back(std::move(told));
  auto const last = entries->empty() ? portion->after : entries->back().row;
  co_return json_answer(200, {{"waiting", std::move(list)},
                              {"after", context.cursors.seal({0, last, std::string(place)})},
                              {"complete", complete}});
}

http::Awaitable<core::Result<WaitingNamed>> waiting_named(http::Request& request, bool with_reason) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto const texts = members->list("ids");
  auto because = with_reason ? members->text("because") : std::string();
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  auto ids = ids_of(texts);
  if (!ids) co_return std::unexpected(ids.error());
  if (with_reason)
    if (auto reason = check_reason(because, kRefusal); !reason) co_return std::unexpected(reason.error());
  co_return WaitingNamed{*std::move(ids), std::move(because)};
}

}  // namespace tocsin::endpoints
