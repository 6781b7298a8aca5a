// Reads what a feed is made of, a portion at a time, so that no reader thread is held for long: which indicators the
// collections have that are asked for, indicators, and then, for a feed that asks for them, observables. Whatever is
// asked for, the newest version that the reader sees counts, and who is behind an address, in whichever collection. An
// observable is stored no later than its indicator, so whatever was taken is looked at with what was said of it. Owned
// by the making of one feed; the thread of the reader.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/feeds/selection.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::feeds {

// What one feed looks at: indicators of the kind of its family.
inline constexpr std::size_t kMostIndicators = 250'000;

class Gathering {
 public:
  Gathering(Feed const& feed, Asked const& asked, Circumstances const& circumstances, store::Sight const& sight,
            access::Directory const& directory, std::vector<store::RowId> const& from);  // empty: from all

  // Whether the reader is shown what this feed has to know. Error forbidden: the credential is limited to kinds, and
  // observables are none of them.
  [[nodiscard]] core::Result<void> check() const;

  // Reads on; false: all was read. Errors: bad_parameter, there are more than kMostIndicators; storage_failed.
  [[nodiscard]] core::Result<bool> step(store::ReadStore& reader);

  [[nodiscard]] Selected finish() { return selection_.finish(); }

 private:
  [[nodiscard]] core::Result<bool> name_indicators(store::ReadStore& reader);
  [[nodiscard]] core::Result<bool> take_indicators(store::ReadStore& reader);
  [[nodiscard]] core::Result<std::vector<std::size_t>> independent_of(store::ReadStore& reader,
                                                                      std::vector<nlohmann::json> const& objects);
  [[nodiscard]] core::Result<bool> learn_observables(store::ReadStore& reader);

  Feed const& feed_;
  Asked const& asked_;
  std::int64_t now_us_;
  store::Sight const& sight_;
  access::Directory const& directory_;
  Selection selection_;
  store::IndicatorQuery query_;
  std::optional<store::IndicatorQuery> naming_;  // of the collections that are asked for, until all were named
  std::optional<std::set<std::pair<store::RowId, core::Uuid>>> named_;  // whose, and which; nullopt: all there are
  std::size_t looked_at_ = 0;
  bool indicators_read_ = false;
  std::size_t collection_ = 0;  // of the sight's, that observables are read from
  std::int64_t after_ = 0;      // in it
};

}  // namespace tocsin::feeds
