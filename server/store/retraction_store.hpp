// What an indicator was stored with, and where all of it is published: what has to be known to retract it, or to
// release it, and how its publications end. The reader is asked on reader threads; a Retraction is carried out by the
// commit store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// The newest version of an object, however much of it is published.
struct StoredObject {
  struct Publication {  // of any version
    RowId collection = 0;
    std::int64_t sequence = 0, date_added_us = 0;
    bool ended = false;
    RowId class_row = 0;  // that of the object, but for what a release took the place of
  };
  std::string type;
  core::Uuid uuid{};
  RowId version = 0, class_row = 0;
  std::string kind;
  bool revoked = false;
  std::string bytes;
  std::vector<Publication> publications;  // by sequence
};

// An indicator, and what the short form stored with it.
struct Retractable {
  RowId asserter = 0;
  StoredObject indicator;
  std::vector<StoredObject> observables;    // that it is or was based on
  std::vector<StoredObject> relationships;  // that lead from it, or to one of the observables
  bool claimed = false;                     // what is shared of its value next becomes a version of it
  bool complete = true;                     // false: there are more than kMostRetracted
};

// Objects of one retraction: its transaction holds up those of all.
inline constexpr std::size_t kMostRetracted = 1'000;

class RetractionReader {
 public:
  virtual ~RetractionReader() = default;
  // Of one asserter, or of each that stored an indicator under this UUID. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Retractable>> retractable(std::optional<RowId> asserter,
                                                                           core::Uuid const& indicator) = 0;
  // One object of an asserter, of whatever type; nullopt: there is none. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::optional<StoredObject>> stored(RowId asserter, std::string const& type,
                                                                         core::Uuid const& uuid) = 0;
};

// Ends all publications of these objects of an asserter, and the claim of the indicator: what is shared of its value
// next is a new indicator.
struct Retraction {
  RowId asserter = 0;
  core::Uuid indicator{};
  std::vector<std::pair<std::string, core::Uuid>> objects;  // types and UUIDs, the indicator among them
  std::string because;                                      // for the audit trail
};

struct Retracted {
  std::vector<std::int64_t> touched_sequences;
  std::vector<RowId> collections;
};

}  // namespace tocsin::store
