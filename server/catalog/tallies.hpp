// What members answered to an object, counted as far as a reader sees it: sightings by outcome or by day, opinions by
// value. Who is not named counts as one organisation, however many they are. One answer; the thread that makes it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/directory.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::catalog {

// Sightings and opinions that are looked at for one answer; days that it has.
inline constexpr std::size_t kMostResponses = 10'000, kMostDays = 400;
// Reasons of disputes that one answer tells, and bytes of each.
inline constexpr std::size_t kMostDisputes = 20, kMostOfReason = 1'000;

struct SightingTally {
  std::size_t sightings = 0;
  std::int64_t count = 0;  // what they count together: one that does not count is one, or none where nothing was seen
  std::set<store::RowId> parties;
  std::optional<stix::Timestamp> first_seen, last_seen;
};

// An opinion that counts, that disagrees and that says why.
struct Dispute {
  std::int64_t modified_ns = 0;
  std::string opinion, explanation, modified;
  std::string organisation;  // the member that it names, or ""
  std::string peer;          // at whose instance it was said, or ""
};

struct ObjectTallies {
  std::map<std::string, SightingTally> sightings;          // by outcome; "unsaid": it has none
  std::map<std::string, std::set<store::RowId>> opinions;  // parties by value: of each that is named its newest
  std::vector<Dispute> disputes;                           // the newest first
  bool complete = true;                                    // false: there are more than were looked at
};

// Of one object. Errors: storage_failed.
[[nodiscard]] core::Result<ObjectTallies> object_tallies(store::ReadStore& reader, store::Sight const& sight,
                                                         access::Directory const& directory,
                                                         std::string const& subject);

struct DailySightings {
  std::map<std::string, SightingTally, std::greater<>> days;  // YYYY-MM-DD, the latest first
  bool complete = true;
};

// Of several objects: those in which something was seen that was thought to be it (confirmed, suspected, or without an
// outcome), on the day that each ends, or else begins, or else was made, and never later than it was said. Errors:
// storage_failed.
[[nodiscard]] core::Result<DailySightings> daily_sightings(store::ReadStore& reader, store::Sight const& sight,
                                                           access::Directory const& directory,
                                                           std::span<std::string const> subjects);

// schema/openapi.yaml, Sightings, Opinions and DailySightings.
[[nodiscard]] nlohmann::json sightings_json(ObjectTallies const& tallies);
[[nodiscard]] nlohmann::json opinions_json(ObjectTallies const& tallies);
[[nodiscard]] nlohmann::json to_json(DailySightings const& daily);

}  // namespace tocsin::catalog
