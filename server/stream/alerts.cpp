#include "server/stream/alerts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"
#include "server/catalog/named_asserter.hpp"
#include "server/store/taxii_version.hpp"

namespace tocsin::stream {
namespace {

// Of objects that one answer looks at: those of thousands of addresses take long.
constexpr std::size_t kBytes = 1u << 20;

}  // namespace

nlohmann::json to_json(Alert const& alert) {
  nlohmann::json out{{"range", alert.range},
                     {"others", alert.others},
                     {"id", alert.id},
                     {"modified", alert.modified},
                     {"collection", alert.collection},
                     {"revoked", alert.revoked},
                     {"dispute", "tocsin dispute " + alert.id + " --because \"...\""}};
  if (!alert.creator.empty()) out["created_by_ref"] = alert.creator;
  if (!alert.organisation.empty()) out["organisation"] = alert.organisation;
  if (!alert.peer.empty()) out["origin"] = alert.peer;
  return out;
}

std::optional<Alert> alert_of(OwnRanges const& ranges, access::Directory const& directory, store::PageRow const& row,
                              std::string_view bytes, std::string_view collection) {
  auto touched = ranges.touched_by(row.type, bytes);
  if (touched.empty()) return std::nullopt;
  auto const object = stix::parse_json(bytes).value();
  auto const* named = catalog::named_asserter(object, row.asserter, directory);
  return Alert{row.sequence,
               std::string(touched.front()),
               touched.size() - 1,
               row.type + "--" + core::to_text(row.uuid),
               store::taxii_version(row),
               std::string(collection),
               object.value("revoked", false),
               object.value("created_by_ref", std::string()),
               named != nullptr ? named->name : std::string(),
               std::string(directory.peer_of(row.asserter))};
}

core::Result<AlertPage> find_alerts(store::ReadStore& reader, OwnRanges const& ranges, AlertQuery const& query) {
  AlertPage out;
  out.after_sequence = query.after_sequence;
  if (ranges.empty()) return out;
  store::StretchQuery stretch{{}, query.window, query.after_sequence, query.objects};
  stretch.bytes = kBytes;
  for (auto const& collection : query.collections) stretch.collections.push_back(collection.row);
  stretch.types.assign(subject_types().begin(), subject_types().end());
  auto seen = reader.stretch(stretch);
  if (!seen) return std::unexpected(seen.error());
  out.complete = !seen->more;
  for (store::Published const& object : seen->rows) {
    auto where = std::ranges::find(query.collections, object.collection, &AlertQuery::Collection::row);
    auto alert = alert_of(ranges, *query.directory, object.row, object.bytes, where->id);
    if (alert && query.mutes->find(object.row.type, object.bytes, query.now_us) == nullptr) {
      if (out.alerts.size() == query.limit) {
        out.complete = false;
        return out;
      }
      out.alerts.push_back(*std::move(alert));
    }
    out.after_sequence = object.row.sequence;
  }
  return out;
}

}  // namespace tocsin::stream
