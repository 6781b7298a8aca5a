// Writing objects: one call, one transaction, everything or nothing. One implementation a database, sharing no code.
// Owned by the ledger's commit thread, which is the only thread that calls it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// Decisions that belong to the ledger but must be taken inside the transaction. Both are pure and fast.
class CommitRules {
 public:
  virtual ~CommitRules() = default;
  [[nodiscard]] virtual Verdict judge(Candidate const& candidate, ChainState const& chain) const = 0;
  [[nodiscard]] virtual Seal seal(SealInput const& input) const = 0;
};

// A part of a submission that is committed together, under a savepoint of its own.
struct CommitPart {
  RowId collection = 0;
  std::span<Candidate const> candidates;
  SubmissionRecord* record = nullptr;  // grows with the fates; the caller's, alive during the call
  bool last = true;                    // store the record with this part
};

// What changed, for those who keep something in memory.
struct CommitOutcome {
  std::vector<std::vector<Fate>> fates;          // by part, by candidate
  std::int64_t first_sequence = 0;               // of new publications; 0: none
  std::int64_t last_sequence = 0;
  std::int64_t last_date_added_us = 0;
  std::vector<std::int64_t> touched_sequences;   // older publications that are no longer the newest
  std::vector<ClassRow> new_classes;
  std::vector<PublicationCount> new_corners;     // (collection, class, asserter) that had no publication before
  std::vector<std::pair<RowId, core::Uuid>> new_statements;
};

class CommitStore {
 public:
  virtual ~CommitStore() = default;

  // On error nothing of any part was stored and no record grew. Errors: storage_full, storage_failed.
  // `now_us` is the wall clock; date_added never falls behind it nor repeats.
  [[nodiscard]] virtual core::Result<CommitOutcome> commit(std::span<CommitPart> parts, CommitRules const& rules,
                                                           std::int64_t now_us) = 0;

  // Ends the publications of a chain's versions in a collection: of all, or of the version with `modified_ns`. Asserter 0: of every
  // chain with that id. Returns the sequences ended; empty when there was nothing.
  [[nodiscard]] virtual core::Result<std::vector<std::int64_t>> end_publications(
      RowId collection, RowId asserter, std::string const& type, core::Uuid const& uuid,
      std::optional<std::int64_t> modified_ns) = 0;

  // Moves committed pages from the write-ahead log into the database when the log is longer than `pages`.
  virtual void checkpoint(std::int64_t pages) = 0;
};

}  // namespace tocsin::store
