// Indicators with our extension, looked up by what they are about (schema/kinds/searching.hpp), for a reader who is
// told of what a window shows and of nothing else.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/kinds/words.hpp"
#include "schema/log/opening.hpp"
#include "server/store/campaign_store.hpp"
#include "server/store/stretch.hpp"

namespace tocsin::store {

// A place in the order in which indicators are found: by key, those of one key as they were published.
struct IndicatorPlace {
  std::string key;
  std::int64_t sequence = -1;
  auto operator<=>(IndicatorPlace const&) const = default;
};

struct IndicatorQuery {
  Sight sight;
  std::vector<kinds::KeyRange> keys;       // ascending, apart from each other
  std::vector<std::string> facets{};       // all of which it has
  std::optional<kinds::TextQuery> text{};  // that its texts are compared with; what facets tell is among those
  std::string creator{};                   // identity--UUID in lower case, or "": whoever
  std::optional<std::int64_t> min_confidence{};
  std::optional<std::int64_t> active_at_us{};
  std::optional<std::int64_t> lasts_beyond_us{};  // leaves out what is over by then, and not what begins later
  IndicatorPlace after{};
  std::size_t limit = 0;
};

struct IndicatorPage {
  std::vector<Published> rows;  // newest versions, each once; none, perhaps, where much is looked at
  IndicatorPlace after;         // where to go on
  bool more = false;
};

// What one indicator says of a value: that it is of it, from when on, and what it rests on. Where several collections
// show it, in its newest version.
struct ValueClaim {
  RowId asserter = 0;  // never told
  bool named = false;  // its object names its asserter as its creator
  RowId class_row = 0;
  std::int64_t since = 0;  // the sequence from which on it was shown to say so
  std::optional<std::int64_t> valid_until_us;
  bool revoked = false;
  bool relayed = false;  // it rests on what partners said, and on nothing else
};

struct ValueClaims {
  std::vector<ValueClaim> all;
  bool complete = true;  // false: there are more than were looked at
};

// A publication of an indicator that is the newest of its chain in its collection, whoever may see it: for indexes
// that are kept in memory.
struct ListedIndicator {
  std::int64_t sequence = 0;
  RowId version = 0, class_row = 0, asserter = 0;
  core::Uuid indicator{};
  std::vector<std::string> keys;  // schema/kinds/searching.hpp
  std::optional<std::int64_t> confidence;
  std::int64_t valid_from_us = 0;
  std::optional<std::int64_t> valid_until_us;
  bool revoked = false;
  std::int64_t bytes = 0;  // how many it has
  // Its STIX pattern, of which most are short; absent where it has none, or is long or erased: bytes_of tells then.
  std::optional<std::string> pattern = {};
};
inline constexpr std::int64_t kLongIndicator = 2'048;  // bytes; a list of many is not to hold more of each

// A prompt template as it was published: the object that has its fingerprints or its text.
struct PublishedTemplate {
  std::int64_t sequence = 0;
  RowId class_row = 0, asserter = 0;
  std::string bytes;  // "": it was erased
};

// A version of this instance in its data log, and what opens it there.
struct LoggedIndicator {
  std::uint64_t index = 0;
  log::Opening opening;
};

class IndicatorReader {
 public:
  virtual ~IndicatorReader() = default;

  // Full unless it is the last, has as many bytes as an answer may, or as many texts were compared. Errors:
  // storage_failed.
  [[nodiscard]] virtual core::Result<IndicatorPage> search(IndicatorQuery const& query) = 0;

  // The newest version of each asserter's indicator with this id. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Published>> find(Sight const& sight, core::Uuid const& indicator) = 0;

  // Those of these versions that are shown, and are the newest of their indicator that is; in no order. Errors:
  // storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Published>> newest_among(Sight const& sight,
                                                                          std::span<RowId const> versions) = 0;

  // Those of a collection behind a place in the order of publication, in that order; fewer than `most` only when there
  // are no more. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<ListedIndicator>> listed(RowId collection, std::int64_t after,
                                                                          std::size_t most) = 0;

  // The bytes of a version that `listed` told of; "" when it was erased since. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::string> bytes_of(RowId version) = 0;

  // Objects of type prompt-template in a collection, behind one place in the order of publication and up to another, in
  // that order, without those that ended; fewer than `most` only when there are no more. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<PublishedTemplate>> templates(RowId collection, std::int64_t after,
                                                                               std::int64_t until,
                                                                               std::size_t most) = 0;

  // Every version of it that is shown, in the order of publication; at most `most` of each collection and so many bytes
  // as an answer may have. Second: there are more. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::pair<std::vector<Published>, bool>> versions(Sight const& sight,
                                                                                       core::Uuid const& indicator,
                                                                                       std::size_t most) = 0;

  // Of a version that find or versions told of; nullopt when it was never logged, or was erased since. Errors:
  // not_logged when another instance logged it; storage_failed.
  [[nodiscard]] virtual core::Result<std::optional<LoggedIndicator>> logged(RowId version) = 0;

  // Of each value the indicators that are of exactly it. A value is the keys of an indicator, ascending; at most `most`
  // rows of the index are looked at for each. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<ValueClaims>> claims(Sight const& sight,
                                                                      std::span<std::vector<std::string> const> values,
                                                                      std::size_t most) = 0;
};

}  // namespace tocsin::store
