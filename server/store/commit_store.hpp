// Writing objects: one call, one transaction, everything or nothing. One implementation a database, sharing no code.
// Owned by the ledger's commit thread, which is the only thread that calls it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/kept_answer.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/retraction_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

struct CommitOutcome;

// Who is told what is about to be committed, before anybody can read it: a reader whose classes are older than that
// would pass over what it holds, and never look there again. `undone`: it was not committed after all.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void commits(CommitOutcome const& outcome) const { static_cast<void>(outcome); }
  virtual void undone() const {}
};

// Decisions that belong to the ledger but must be taken inside the transaction. Both are pure and fast.
class CommitRules : public CommitListener {
 public:
  [[nodiscard]] virtual Verdict judge(Candidate const& candidate, ChainState const& chain) const = 0;
  [[nodiscard]] virtual Seal seal(SealInput const& input) const = 0;
};

// A part of a submission that is committed together, under a savepoint of its own.
struct CommitPart {
  RowId collection = 0;
  std::span<Candidate const> candidates;
  SubmissionRecord* record = nullptr;  // grows with the fates; the caller's, alive during the call
  bool last = true;                    // store the record with this part
  Actor by{};                          // of a part with a record: who submitted it
  // When a candidate is refused, nothing of any part is stored, and no record grows: the last fate tells why, and what
  // comes behind has none. All parts of a call are whole, or none.
  bool whole = false;
  Answering answering{};  // of a part with candidates: what to keep of the answer to it, in this transaction
  // Its submitter's objects wait for an analyst of the instance, but for revocations of what is stored and what is
  // published in the collection already.
  bool moderated = false;
};

// What changed, for those who keep something in memory.
struct CommitOutcome {
  std::vector<std::vector<Fate>> fates;  // by part, by candidate
  std::int64_t first_sequence = 0;       // of new publications; 0: none
  std::int64_t last_sequence = 0;
  std::int64_t last_date_added_us = 0;
  std::vector<std::int64_t> touched_sequences;  // older publications that are no longer the newest
  std::vector<ClassRow> new_classes;
  std::vector<PublicationCount> new_corners;  // (collection, class, asserter) that had no publication before
  std::vector<std::pair<RowId, core::Uuid>> new_statements;
};

// Which publications in a collection end: those of the versions of an object.
struct Withdrawal {
  RowId collection = 0;
  std::string type;
  core::Uuid uuid{};
  std::vector<std::int64_t> versions_ns;  // instants as TAXII names versions; empty: all
  std::optional<Window> own;              // only what its asserter published and it shows; absent: what anybody did
};

class CommitStore {
 public:
  virtual ~CommitStore() = default;

  // On error nothing of any part was stored and no record grew. Errors: storage_full, storage_failed.
  // `now_us` is the wall clock; date_added never falls behind it nor repeats.
  [[nodiscard]] virtual core::Result<CommitOutcome> commit(std::span<CommitPart> parts, CommitRules const& rules,
                                                           std::int64_t now_us) = 0;

  // What an origin logged, stored and published here, and its cursor moved, in one transaction. An entry that is known
  // already is unchanged, and published where it never was; one whose content was destroyed here stays so. What is
  // refused is kept among the origin's refusals, and does not stop the rest; `fates` has one part. Errors: conflict
  // when the cursor is not at `from`, the log was not verified through `to`, or the terms are others;
  // storage_full, storage_failed. Then nothing was stored.
  [[nodiscard]] virtual core::Result<CommitOutcome> deliver(Delivery const& delivery, CommitRules const& rules,
                                                            std::int64_t now_us) = 0;

  // Ends publications. Returns the sequences that changed by it, older or newer versions of the chain among them; empty
  // when there was nothing to end. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<std::int64_t>> withdraw(Withdrawal const& withdrawal) = 0;

  // In one transaction. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<Retracted> retract(std::span<Retraction const> retractions) = 0;

  // An answer to what changed nothing, or may be done again. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep(KeptAnswer const& answer) = 0;

  // Moves committed pages from the write-ahead log into the database when the log is longer than `pages`.
  virtual void checkpoint(std::int64_t pages) = 0;

  // Logs the head of each numbering of this instance's data log that has grown since its last one, in one transaction;
  // when none has, nothing is written. How many. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<std::size_t> log_heads(CommitRules const& rules) = 0;
};

}  // namespace tocsin::store
