// Recalls: those that were made here and what peers said of them, and what control logs of other instances say of
// entries that are stored here or will be. Written on the commit thread, on the one writing connection; read with the
// RecallReader of a reader thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/control.hpp"
#include "server/store/commit_store.hpp"
#include "server/store/control_store.hpp"
#include "server/store/retraction_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// An object with its state may be recalled, or shown again, so often; and as many entries at once.
inline constexpr std::int64_t kBetweenRecallsUs = 3'600'000'000;
inline constexpr std::size_t kMostRecalled = 10'000;

struct RecallOrder {
  RowId asserter = 0;
  std::string type;
  core::Uuid uuid{};
  std::vector<std::pair<std::string, core::Uuid>> objects;  // it, and what it was stored with; types and UUIDs
  log::RecallAction action = log::RecallAction::suppress;
  log::RecallReason reason = log::RecallReason::other;
  std::int64_t now_us = 0, deadline_us = 0;
};

// Whether versions that say they are revoked stay shown: they tell readers that the object was withdrawn. Nothing stays
// of what should not have been shared.
[[nodiscard]] bool leaves_revocations(RecallOrder const& order);

// As it was made.
struct MadeRecall {
  std::uint64_t position = 0;  // of its entry in the control log
  RowId asserter = 0;
  std::string type;
  core::Uuid uuid{};
  log::RecallAction action = log::RecallAction::suppress;
  log::RecallReason reason = log::RecallReason::other;
  std::size_t leaves = 0;
  std::int64_t made_us = 0, deadline_us = 0;
};

// Whether what was said of an object last lets this be said now. Error: recall_invalid.
[[nodiscard]] core::Result<void> check_order(RecallOrder const& order, std::optional<MadeRecall> const& last);

// recall_invalid: no peer has it from here.
[[nodiscard]] core::Error nothing_logged();

// What a recall finds of an object.
struct Recallable {
  bool logged = false;               // its newest version, in the log of this instance
  std::vector<RowId> suppressed_in;  // where publications ended that a restore brings back
};

// What a transaction changed of what is shown.
struct ShownChange {
  std::vector<std::int64_t> touched_sequences;  // of publications that ended, or are not the newest any more
  std::vector<RowId> collections;
  std::vector<PublicationCount> new_corners{};  // as those of a commit
  std::size_t ended = 0;                        // objects, each once in each collection where it stood
};

// What the recalls of an origin ended within an hour, of what it shows here.
struct RecalledLately {
  RowId origin = 0;       // 0: this instance
  std::string name;       // of the origin's data log; "": this instance's own
  std::size_t ended = 0;  // as ShownChange has it
  // It is 20 or more, and more than a tenth of that and what stands yet. People who correct mistakes do not take back
  // so much: a program ran wild, or somebody else has the key.
  bool alarming = false;
};

struct Recalled {
  MadeRecall made;
  ShownChange change;
};

// That a peer applied every entry of the control log below `size`.
struct Receipt {
  RowId organisation = 0;  // the peer's
  std::uint64_t size = 0;
  std::string note;  // the checkpoint of that size, with the log's signature and the peer's
  std::int64_t received_us = 0;
};

// What a relay says of those who read the log of this instance through it.
struct SaidOfDependents {
  RowId organisation = 0;  // the relay's
  std::string note;        // schema/log/dependents.hpp, with its signature
  std::int64_t received_us = 0;
};

// Entries [from, to) of the control log of an origin, opened and verified; behind them it may have the first targets of
// entry `to`, which comes again with the next.
struct ControlDelivery {
  enum class Effect : std::uint8_t { none, suppress, withdraw, restore, erase };
  struct Entry {
    std::uint64_t position = 0;
    std::string op;
    Effect effect = Effect::none;
    std::vector<std::uint64_t> indices;  // of the origin's data log
    std::uint64_t said_s = 0;
    std::string void_because;       // "": it counts
    std::uint64_t lost_before = 0;  // of a loss of entries: the size behind which the origin's data log goes on
  };
  RowId origin = 0;
  std::string name;  // of the origin
  std::uint64_t from = 0, to = 0;
  std::vector<Entry> entries;
  std::int64_t now_us = 0;
};

struct AppliedControl {
  ShownChange change;
  std::size_t erased = 0, ended = 0, restored = 0;                  // versions
  std::vector<std::pair<std::uint64_t, std::string>> void_entries;  // their positions, and why
};

class RecallStore {
 public:
  virtual ~RecallStore() = default;

  // Ends the publications of all versions of the objects, or publishes again what was ended so, and appends what
  // `entry_for` makes of their leaves to the control log: one transaction. A withdrawal ends the claim of an indicator
  // too, and what waits of it. `listener` is told of what is shown again. Errors: not_found when there is no such
  // object; recall_invalid when none of it was logged here, and those of check_order; those of `entry_for`;
  // storage_full, storage_failed. Then nothing was done.
  [[nodiscard]] virtual core::Result<Recalled> recall(RecallOrder const& order, ControlStore::EntryFor const& entry_for,
                                                      CommitListener const& listener) = 0;

  // One that covers no more than the newest of its peer adds nothing. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep(Receipt const& receipt) = 0;
  // In the place of what the relay said before. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep(SaidOfDependents const& said) = 0;

  // In one transaction with `applied` of the origin's control log. What is not stored yet is remembered, and comes in
  // as it was said; `listener` as above. Errors: conflict unless `from` is what was applied; storage_full,
  // storage_failed.
  [[nodiscard]] virtual core::Result<AppliedControl> apply(ControlDelivery const& delivery,
                                                           CommitListener const& listener) = 0;
};

class RecallReader {
 public:
  virtual ~RecallReader() = default;

  // The newest first; of one asserter, or of all. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<MadeRecall>> recalls(std::optional<RowId> asserter,
                                                                      std::size_t most) = 0;
  [[nodiscard]] virtual core::Result<std::optional<MadeRecall>> recall(std::uint64_t position) = 0;
  // Of each peer the first that covers an entry of the control log. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Receipt>> receipts(std::uint64_t position) = 0;
  // The newest, likewise.
  [[nodiscard]] virtual core::Result<std::vector<Receipt>> newest_receipts(std::uint64_t position) = 0;
  // By every relay, by its row. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<SaidOfDependents>> said_of_dependents() = 0;
  // Errors: not_found, storage_failed.
  [[nodiscard]] virtual core::Result<ControlEntry> control_entry(std::uint64_t position) = 0;
  // What was said of an object last. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::optional<MadeRecall>> latest(RowId asserter, std::string const& type,
                                                                       core::Uuid const& uuid) = 0;
  // Errors: storage_failed.
  [[nodiscard]] virtual core::Result<Recallable> recallable(StoredObject const& object) = 0;
  // Of every origin whose recalls ended something since an hour before, by its row. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<RecalledLately>> recalled_lately(std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
