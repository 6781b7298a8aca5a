// That the instance's log has a version of an indicator: schema/openapi.yaml, proveIndicator.
#include <algorithm>

#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/left_waiting.hpp"
#include "server/endpoints/seen.hpp"
#include "server/ledger/log_proofs.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;

constexpr std::size_t kMostVersions = 1'000;  // that one is looked for in, of each collection
constexpr auto kText = "text/plain; charset=utf-8";

core::Error absent() { return {Code::not_found, "There is no such indicator.", "", ""}; }

struct Asked {
  core::Uuid indicator{};
  std::optional<std::int64_t> modified_ns;  // absent: the newest
};

core::Result<Asked> asked_in(http::Request const& request) {
  Asked out;
  for (auto const& [name, value] : request.query.parameters()) {
    auto const at = stix::Timestamp::parse(value);
    if (name != "version" || out.modified_ns || !at || !at->has_key())
      return core::fail(Code::bad_parameter, "A proof takes one parameter, `version`, which is a timestamp.", "",
                        "Write it as the version's `modified`: 2026-01-31T12:00:00.000Z.");
    out.modified_ns = at->key();
  }
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  if (!id || id->type() != "indicator") return std::unexpected(absent());
  out.indicator = id->uuid();
  return out;
}

using Versions = std::vector<store::Published>;

// Those of this time. Of an indicator with more versions than are looked through, they are among the first or the
// newest; of those in between it is not said that there are none.
core::Result<Versions> versions_of(store::ReadStore& reader, store::Sight const& sight, core::Uuid const& indicator,
                                   std::int64_t modified_ns) {
  auto found = reader.indicators().versions(sight, indicator, kMostVersions);
  if (!found) return std::unexpected(found.error());
  auto& [shown, more] = *found;
  if (more) {
    auto newest = reader.indicators().find(sight, indicator);
    if (!newest) return newest;
    shown.insert(shown.end(), newest->begin(), newest->end());
  }
  std::erase_if(shown, [&](auto const& one) { return one.row.modified_ns != modified_ns; });
  if (shown.empty() && more)
    return core::fail(Code::unprocessable,
                      "The indicator has more versions than are looked through, and this is none of the first or the "
                      "newest.",
                      "", "Ask for the newest: leave `version` out.");
  return std::move(shown);
}

// Of the caller's organisation, else the one that was stored first.
core::Result<store::Published> version_of(store::ReadStore& reader, store::Sight const& sight, Asked const& asked) {
  auto const found = asked.modified_ns ? versions_of(reader, sight, asked.indicator, *asked.modified_ns)
                                       : reader.indicators().find(sight, asked.indicator);
  if (!found) return std::unexpected(found.error());
  auto const& shown = *found;
  if (shown.empty()) return std::unexpected(absent());
  return *std::ranges::min_element(shown, {}, [&](store::Published const& one) {
    return std::pair(one.row.asserter != sight.window.asserter, one.row.version);
  });
}

struct Proved {
  ShownAt place;
  std::string text;
};

core::Result<Proved> prove(store::ReadStore& reader, store::Sight const& sight, Asked const& asked,
                           ledger::PublishedLog const& log, std::string const& checkpoint) {
  auto const shown = version_of(reader, sight, asked);
  if (!shown) return std::unexpected(shown.error());
  auto const logged = reader.indicators().logged(shown->row.version);
  if (!logged) return std::unexpected(logged.error());
  if (!*logged)
    return core::fail(Code::not_logged, "This version is in no log, as what is TLP:RED is not.", "",
                      "To have a proof of later versions, release the indicator to more readers.");
  auto const tiles = [&](log::TilePath const& tile) { return log.tile(reader.leaves(), tile); };
  auto const proof = ledger::prove(**logged, checkpoint, tiles);
  if (!proof) return std::unexpected(proof.error());
  return Proved{{shown->collection, shown->row.sequence}, proof->text()};
}

}  // namespace

Answer indicator_proof(Context& context, http::Request& request) {
  auto const asked = asked_in(request);
  if (!asked) co_return error_answer(request, asked.error());
  auto const* log = context.logs.find("data");
  auto const checkpoint = log != nullptr ? log->checkpoint() : nullptr;
  if (!checkpoint)
    co_return error_answer(
        request, {Code::unavailable, "No checkpoint of the log was signed yet.", "", "Try again in a moment."});
  auto const seen = seen_by(context, request);
  auto proved = co_await context.bridge.run<Proved>(request.principal->organisation, [&](store::ReadStore& reader) {
    return prove(reader, seen.sight, *asked, *log, *checkpoint);
  });
  if (!proved)
    co_return error_answer(request,
                           co_await with_what_waits(context, request, proved.error(), is_indicator(asked->indicator)));
  auto const filters = "match[id]=indicator--" + core::to_text(asked->indicator) + "\n";
  std::vector const places{proved->place};
  if (auto recorded = co_await record_shown(context, request, seen, "proof", filters, places); !recorded)
    co_return error_answer(request, recorded.error());
  co_return text_answer(200, std::move(proved->text), kText);
}

}  // namespace tocsin::endpoints
