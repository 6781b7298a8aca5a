// What waits for an analyst, over SQLite: kept and taken inside the commit's transactions and ended on the writing
// connection, read on that of a reader. Owned by the database and by Reads; commit thread, and the reader's.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/waiting_store.hpp"

namespace tocsin::store::sqlite {

class WaitingTable final : public WaitingStore {
 public:
  WaitingTable(Connection& connection, Audit& audit);

  core::Result<void> refuse(core::Uuid const& id, std::string const& because, std::int64_t now_us) override;
  core::Result<void> withdraw(core::Uuid const& id, RowId organisation, std::int64_t now_us) override;

  // The rest happens inside a commit's transaction; all of it may throw SqliteError.

  // Keeps an object by itself. What is said again of a value takes the place of what waits of it. Refused: when the
  // organisation has too many, or another content of this version waits.
  Fate keep(RowId collection, Candidate const& candidate, std::int64_t now_us);
  // Keeps an object of an item beside the first one; nullopt, when that version of it does not wait.
  std::optional<Fate> keep_beside(RowId collection, Candidate const& candidate);
  // The end of waiting, and of what was kept for it. False: it has ended already, or something else waits there than
  // what is published, of which this is the first object.
  bool publish(Candidate const& first, RowId version, std::int64_t now_us);
  // All that an organisation has waiting, or had, of an object; returns how many objects waited.
  std::size_t forget(RowId organisation, std::string_view type, core::Uuid const& uuid);
  // What was published, refused or withdrawn of an object, and is destroyed now.
  void forget_ended(RowId organisation, core::Uuid const& uuid);
  // Whatever waits there, whose time has come; returns its objects.
  std::vector<core::Uuid> destroy(RowId row);
  void rolled_back() { counts_.clear(); }  // what memory holds may be ahead of the database

 private:
  struct Ended {
    std::optional<RowId> organisation;  // whose it has to be
    WaitingEntry::State state;
    std::string_view because;
    std::int64_t now_us;
  };
  core::Result<void> end(core::Uuid const& id, Ended const& how, std::string_view action);
  std::optional<RowId> same_claim(RowId collection, RowId organisation, ClaimKey const& key);
  std::optional<Fate> same_version(RowId collection, Candidate const& candidate);
  RowId insert(RowId collection, Candidate const& candidate, std::int64_t now_us);
  void replace(RowId row, Candidate const& candidate);
  void insert_object(RowId row, std::int64_t position, Candidate const& candidate);
  void drop_objects(RowId row);
  std::int64_t& count_of(RowId organisation);

  Connection& connection_;
  Audit& audit_;
  std::unordered_map<RowId, std::int64_t> counts_;  // objects that wait, by organisation
};

class WaitingReads final : public WaitingReader {
 public:
  explicit WaitingReads(Connection& connection) : connection_(connection) {}

  core::Result<std::vector<WaitingEntry>> list(WaitingQuery const& query) override;
  core::Result<std::optional<WaitingEntry>> find(core::Uuid const& id) override;
  core::Result<std::vector<Candidate>> objects(RowId row) override;
  core::Result<Load> load() override;

 private:
  Connection& connection_;
};

}  // namespace tocsin::store::sqlite
