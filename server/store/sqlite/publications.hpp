// Where and since when versions are visible: the part of a commit that gives sequences and dates. Owned by Commits,
// inside whose transactions all of it happens; commit thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "server/store/commit_store.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/indicators.hpp"

namespace tocsin::store::sqlite {

// The bits of `place`.
inline constexpr std::int64_t kFirst = 1, kNewest = 2, kEnded = 4;

// A version that is published in a collection.
struct Publication {
  RowId collection = 0, version = 0, class_row = 0, asserter = 0, type = 0, kind = 0;
  std::int64_t place = 0;
  Indicators::Since since{};  // of the publication that it takes the place of
};

// All publications of a chain in a collection.
struct ChainPlace {
  RowId collection = 0, asserter = 0;
  ChainIndex::Id id;
};

class Publications {
 public:
  struct Counters {
    std::int64_t next_sequence = 1, last_date_added = 0;
  };

  Publications(Connection& connection, ChainIndex& chains, Indicators& indicators);

  void load(Counters counters);
  void forget();  // after a rollback: what memory holds may be ahead of the database
  [[nodiscard]] Counters const& counters() const { return counters_; }

  // A commit is begin, publish for each version, finish. Publishing what stands there already does nothing
  // and returns false.
  void begin(std::int64_t now_us);
  bool publish(Publication publication, Candidate const& candidate, bool chain_exists, CommitOutcome& outcome);
  void finish(CommitOutcome& outcome);

  // Whether the chain has a publication there that has not ended.
  [[nodiscard]] bool is_published(ChainPlace const& chain) { return !standing(chain).empty(); }
  // Likewise of a version.
  [[nodiscard]] bool is_published(RowId version, RowId collection) { return standing(version, collection).has_value(); }

  // Ends those of the chain's publications that the withdrawal names. `kinds`: the rows of those its window is limited
  // to.
  void end(ChainPlace const& chain, Withdrawal const& withdrawal, std::set<RowId> const& kinds, CommitOutcome& outcome);
  // Ends those of these versions.
  void end(ChainPlace const& chain, std::set<RowId> const& versions, CommitOutcome& outcome);

 private:
  struct Standing {  // a publication of a chain in a collection
    std::int64_t sequence = 0, modified_ns = 0, place = 0;
    RowId version = 0, class_row = 0, kind = 0;
    std::int64_t date_added = 0;
  };

  void end_where(ChainPlace const& chain, std::function<bool(Standing const&)> const& ends, CommitOutcome& outcome);
  void take_place(ChainPlace const& chain, std::int64_t modified_ns, Publication& publication, CommitOutcome& outcome);
  std::vector<Standing> standing(ChainPlace const& chain);  // in order of modification
  std::optional<Standing> standing(RowId version, RowId collection,
                                   std::int64_t modified_ns = 0);  // there is at most one
  bool is_withdrawn(Standing const& row, ChainPlace const& chain, Withdrawal const& withdrawal,
                    std::set<RowId> const& kinds);
  std::int64_t taxii_instant(Standing const& row);
  void set_place(RowId collection, Standing const& row, std::int64_t place, CommitOutcome& outcome);
  void flush_held(bool last, CommitOutcome& outcome);
  void count(Publication const& publication, CommitOutcome& outcome);

  Connection& connection_;
  ChainIndex& chains_;
  Indicators& indicators_;
  Counters counters_;
  std::set<std::tuple<RowId, RowId, RowId>> corners_;
  // The latest publication of the transaction waits here: only when the next one comes, or the commit ends, is it known
  // whether it is the last, whose date lies on a whole millisecond.
  std::optional<Publication> held_;
  std::int64_t now_us_ = 0;
  Indicators::Since since_;  // of the publication that was the newest of its chain until a moment ago

  Statement insert_, set_place_, standing_, dates_, count_;
};

}  // namespace tocsin::store::sqlite
