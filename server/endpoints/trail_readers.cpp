#include "server/endpoints/trail_readers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

// Whether a stretch of a read covers a version. An entry of another form covers all: rather too many than too few.
bool covers(json const& entry, ReadPlace const& place) {
  auto stretches = entry.find("stretches");
  if (stretches == entry.end() || !stretches->is_array()) return true;
  return std::ranges::any_of(*stretches, [&](json const& stretch) {
    auto first = stretch.at(0).get<std::int64_t>(), last = stretch.at(1).get<std::int64_t>();
    auto at = std::ranges::lower_bound(place.sequences, first);
    return at != place.sequences.end() && *at <= last;
  });
}

}  // namespace

core::Result<TrailReaders> readers_in_trail(store::AuditReader& trail, std::vector<ReadPlace> const& places,
                                            std::int64_t since_us) {
  TrailReaders out;
  store::AuditQuery query;
  query.since_us = since_us - 1'000'000;  // an entry has the time of the first of its reads
  auto visited = trail.visit(query, [&](store::AuditRow const& row) {
    if (row.entry.find("\"read.gap\"") != std::string_view::npos) out.complete = false;
    for (auto const& place : places) {
      if (row.entry.find(place.collection) == std::string_view::npos) continue;
      json entry = json::parse(row.entry, nullptr, false);
      if (!entry.is_object() || entry.value("action", "") != "read" || !covers(entry, place)) continue;
      out.organisations.insert(entry.at("by").at("organisation").get<std::string>());
    }
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  return out;
}

}  // namespace tocsin::endpoints
