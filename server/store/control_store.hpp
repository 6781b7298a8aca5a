// Writing the control log: keys, declarations and erasures, each entry in a transaction of its own. Commit thread only,
// on the one writing connection.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/commitment.hpp"
#include "server/store/retention_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// An entry with everything its leaf is made of.
struct ControlEntry {
  std::string header;
  core::Salt header_salt{}, body_salt{};
  std::string body;
  log::Entry entry{};  // what the leaf is the hash of
  core::Digest leaf{};
};

// The chain whose content is destroyed, all its versions.
struct Erasure {
  RowId asserter = 0;
  std::string type;
  core::Uuid uuid{};
};

struct Erased {
  std::size_t versions = 0;                     // 0: there was no such chain
  std::vector<std::uint64_t> leaves;            // of the data log, ascending
  std::vector<std::int64_t> touched_sequences;  // of publications that ended
  std::vector<RowId> collections;               // where
};

struct Destroyed {
  Erased erased;                                    // with what was stored beside the indicators
  std::map<std::string, std::size_t> indicators{};  // by the kind of the rule; empty: nothing was due
  bool complete = true;                             // false: more is due
};

// What others hold of the logs of this instance and its database, which was restored, has not.
struct LogBeyond {
  std::string leaves;                 // of the data log behind those that are stored: 32 bytes each, joined
  std::vector<ControlEntry> control;  // likewise of the control log, and the declaration of the loss
};

struct TakenBack {
  std::uint64_t lost = 0;                           // leaves of the data log whose entries are here no more
  std::size_t erased = 0, ended = 0, restored = 0;  // objects, by what the control log says of them
};

class ControlStore {
 public:
  virtual ~ControlStore() = default;

  // Returns its position. Data that is logged from now on names the longer control log. The audit trail gets an entry
  // for `action` in the same transaction. Errors: storage_full, storage_failed; then nothing was stored.
  [[nodiscard]] virtual core::Result<std::uint64_t> append(ControlEntry const& entry, std::string_view action) = 0;

  // Overwrites id, bytes, digest, header and salts of every version of the chain, ends its publications, and appends
  // what `entry_for` makes of its leaves, if it has any: all in one transaction. The leaves stay. Errors: those of
  // `entry_for`, storage_full, storage_failed; then nothing was erased.
  using EntryFor = std::function<core::Result<ControlEntry>(std::vector<std::uint64_t> const& leaves)>;
  [[nodiscard]] virtual core::Result<Erased> erase(Erasure const& erasure, EntryFor const& entry_for) = 0;

  // Likewise for indicators that are due, and for the observables and relationships that the short form stored with one
  // of them and with no other. Those that have been due longest by the first rule come first.
  [[nodiscard]] virtual core::Result<Destroyed> destroy(std::span<RetentionRule const> rules,
                                                        RetentionBatch const& batch, EntryFor const& entry_for) = 0;

  // Overwrites what the write-ahead log still holds of earlier states. False: a reader holds on to it; try again.
  [[nodiscard]] virtual bool empty_write_ahead_log() = 0;

  // Appends these leaves and entries, and does again what the entries say; the last is the declaration of the loss.
  // What was lost had numbers, and nobody knows which: where something was, entries are numbered anew from then on. One
  // transaction, which the audit trail has too. Errors: storage_full, storage_failed; then nothing was taken.
  [[nodiscard]] virtual core::Result<TakenBack> take_back(LogBeyond const& beyond, std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
