// Gathers what a feed is made of, a portion at a time, so that no reader thread is held for long: what the collections
// have of indicators, of which only what changed is read, and then, for a feed that asks for them, observables.
// Whatever is asked for, the newest version that the reader sees counts, and who is behind an address, in whichever
// collection. An observable is stored no later than its indicator, so whatever was taken is looked at with what was
// said of it. Owned by the making of one feed; the thread of the reader.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/feeds/newest.hpp"
#include "server/feeds/reading.hpp"
#include "server/feeds/selection.hpp"
#include "server/ledger/generations.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::feeds {

// What one feed looks at: indicators of the kind of its family.
inline constexpr std::size_t kMostIndicators = 1'000'000;
// Bytes of what is known of them, those that are over and those of other kinds included.
inline constexpr std::size_t kMostHeld = 512u << 20;
static_assert(kMostIndicators * sizeof(KnownIndicator) <= Known::kUsualBytes);

// What is known already, and what tells whether that stands.
struct Memory {
  Known& known;
  ledger::Generations const& generations;
  std::string const& view;  // names what the reader sees
};

class Gathering {
 public:
  Gathering(Feed const& feed, Asked const& asked, Circumstances const& circumstances, store::Sight const& sight,
            access::Directory const& directory, std::vector<store::RowId> const& from,  // empty: from all
            Memory const& memory);

  // Whether the reader is shown what this feed has to know. Error forbidden: the credential is limited to kinds, and
  // observables are none of them.
  [[nodiscard]] core::Result<void> check() const;

  // Reads on; false: all was read. Errors: bad_parameter, there are more than kMostIndicators, or than kMostHeld has
  // room for; storage_failed.
  [[nodiscard]] core::Result<bool> step(store::ReadStore& reader);

  [[nodiscard]] Selected finish() { return selection_.finish(); }

 private:
  [[nodiscard]] core::Result<bool> read_indicators(store::ReadStore& reader);
  [[nodiscard]] core::Result<void> choose();
  void keep_to_named();
  [[nodiscard]] core::Result<bool> take_indicators(store::ReadStore& reader);
  [[nodiscard]] core::Result<std::vector<std::size_t>> independent_of(store::ReadStore& reader,
                                                                      std::span<Newest const> some);
  [[nodiscard]] core::Result<bool> learn_observables(store::ReadStore& reader);

  Feed const& feed_;
  Asked const& asked_;
  std::int64_t now_us_;
  store::Sight const& sight_;
  access::Directory const& directory_;
  std::vector<store::RowId> const& from_;
  Memory memory_;
  Selection selection_;
  std::optional<Reading> reading_;             // of one collection
  std::vector<KnownIn> collections_;           // those that were read
  std::optional<std::vector<Newest>> chosen_;  // once all were
  std::size_t held_ = 0;                       // bytes, of these
  std::size_t taken_ = 0;                      // of these
  std::size_t collection_ = 0;                 // of the sight's, that observables are read from
  std::int64_t after_ = 0;                     // in it
};

}  // namespace tocsin::feeds
