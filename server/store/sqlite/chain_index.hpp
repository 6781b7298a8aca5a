// Where the versions of every chain are. Ids are random: an index kept in step with each commit would write a page of
// the database for nearly every object. So the newest entries are in memory, and each commit brings as many into the
// table as it adds, neighbours in the order of the table, which share pages. After a crash memory is read again from
// the versions beyond `indexed_through`. Owned by the database. The commit thread changes it, inside its transactions;
// readers look at it from their threads.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "server/store/rows.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class ChainIndex {
 public:
  struct Id {
    core::Uuid uuid{};
    RowId type = 0;
    auto operator<=>(Id const&) const = default;
  };
  struct Key {
    Id id;
    RowId asserter = 0;
    std::int64_t modified_ns = 0;
    auto operator<=>(Key const&) const = default;
  };
  struct Place {
    RowId version = 0, class_row = 0;
  };
  struct Entry {
    Key key;
    Place at;
  };

  // Keeps about `in_memory` entries (100 bytes each) out of the table. Reads what is missing in the table: throws
  // SqliteError.
  ChainIndex(Connection& connection, std::size_t in_memory);

  // Commit thread.
  [[nodiscard]] std::optional<Entry> oldest(Id const& id, RowId asserter);
  [[nodiscard]] std::optional<Entry> newest(Id const& id, RowId asserter);
  [[nodiscard]] std::optional<Entry> after(Key const& key);   // the next version of the chain
  [[nodiscard]] std::optional<Entry> before(Key const& key);  // and the one that it follows
  [[nodiscard]] std::optional<RowId> find(Key const& key);
  // Without what the transaction removed.
  [[nodiscard]] std::vector<Entry> chain(Id const& id, RowId asserter);  // in order of modification
  [[nodiscard]] std::vector<RowId> asserters(Id const& id);              // of the chains with this id

  // Whether the chain has so many versions, about.
  [[nodiscard]] bool reaches(Id const& id, RowId asserter, std::size_t versions);

  // A transaction adds or removes, sweeps before it commits, and says how it ended.
  void add(Key const& key, Place at);
  void remove(Key const& key);
  void sweep();
  [[nodiscard]] RowId indexed_through() const;  // every version up to this one is in the table after the sweep
  void committed();
  void rolled_back();

  // Any thread: entries with these ids that may be in memory only. `begin_snapshot` is called at the same instant: what
  // is in neither the answer nor the snapshot's table was not committed before it.
  [[nodiscard]] std::vector<Entry> in_memory(std::span<Id const> ids,
                                             std::function<void()> const& begin_snapshot) const;

 private:
  using Recent = std::map<Key, Place>;
  void load();
  static std::optional<Entry> stored(Statement& neighbour, Key const& key);

  Connection& connection_;
  std::size_t const limit_;
  mutable std::mutex mutex_;  // for recent_, when it changes and when another thread looks
  Recent recent_;
  std::set<RowId> unindexed_;  // the versions in recent_ that the table lacks
  RowId last_version_ = 0;
  Key swept_to_;                                                 // the next sweep begins after it
  std::vector<Recent::const_iterator> added_, swept_, removed_;  // by the transaction
  std::set<RowId> gone_;  // the versions of removed_: no chain has them any more, though memory does until the commit
  Statement before_, after_, find_, chain_, count_, asserters_, insert_, delete_;
};

}  // namespace tocsin::store::sqlite
