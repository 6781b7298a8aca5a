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
#include "schema/log/openings.hpp"
#include "server/store/control_store.hpp"
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

// What a transaction changed of what is shown.
struct ShownChange {
  std::vector<std::int64_t> touched_sequences;  // of publications that ended, or are not the newest any more
  std::vector<RowId> collections;
  std::vector<PublicationCount> new_corners{};  // as those of a commit
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
    std::string void_because;  // "": it counts
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
  // `entry_for` makes of their leaves to the control log: one transaction. Errors: not_found when there is no such
  // object; recall_invalid when none of it was logged here, it is in the state asked for, or was changed less
  // than an hour before; those of `entry_for`; storage_full, storage_failed. Then nothing was done.
  [[nodiscard]] virtual core::Result<Recalled> recall(RecallOrder const& order,
                                                      ControlStore::EntryFor const& entry_for) = 0;

  // One that covers no more than the newest of its peer adds nothing. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep(Receipt const& receipt) = 0;

  // In one transaction with `applied` of the origin's control log. What is not stored yet is remembered, and comes in
  // as it was said. Errors: conflict unless `from` is what was applied; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<AppliedControl> apply(ControlDelivery const& delivery) = 0;

  // Entries of an origin's control log as it opened them, which reproduce their leaves; what is kept stays. Errors:
  // storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep_opened(RowId origin, std::vector<log::OpenedEntry> const& entries) = 0;
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
  // Errors: not_found, storage_failed.
  [[nodiscard]] virtual core::Result<ControlEntry> control_entry(std::uint64_t position) = 0;
  // What is kept of entries [from, to) of the control log of an origin, by the name of its data log: up to the first
  // that is missing, and as much as an answer holds. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<log::OpenedEntry>> opened(std::string const& origin,
                                                                           std::uint64_t from, std::uint64_t to) = 0;
};

}  // namespace tocsin::store
