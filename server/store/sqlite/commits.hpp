// The commit transaction over SQLite. Owned by the database; commit thread only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "server/store/commit_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Commits final : public CommitStore {
 public:
  explicit Commits(Connection& connection);

  core::Result<CommitOutcome> commit(std::span<CommitPart> parts, CommitRules const& rules, std::int64_t now_us) override;
  core::Result<std::vector<std::int64_t>> end_publications(RowId collection, RowId asserter, std::string const& type,
                                                           core::Uuid const& uuid,
                                                           std::optional<std::int64_t> modified_ns) override;
  void checkpoint(std::int64_t pages) override;

 private:
  struct Counters {
    std::int64_t next_sequence = 1, last_date_added = 0, data_size = 0, control_size = 0;
  };
  struct Class {
    RowId row = 0;
    core::Uuid token{};
    std::int64_t next_sequence = 0;
    bool dirty = false;
  };
  struct Standing {  // a publication of a chain in a collection
    std::int64_t sequence = 0, modified_ns = 0, place = 0;
    RowId version = 0;
  };
  struct Publication {
    RowId collection = 0, version = 0, class_row = 0, asserter = 0, type = 0, kind = 0;
    std::int64_t place = 0;
  };

  void load();
  void forget();  // after a rollback: what memory holds may be ahead of the database
  RowId name_row(std::string const& text);
  Class& class_of(std::string const& key, CommitOutcome& outcome);
  ChainState chain(Candidate const& candidate, RowId type);
  Fate settle(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome);
  RowId insert_version(Candidate const& candidate, RowId type, Class& cls, CommitRules const& rules);
  void publish(Publication publication, Candidate const& candidate, bool chain_exists, CommitOutcome& outcome);
  std::vector<Standing> standing(RowId collection, RowId asserter, RowId type, std::string_view uuid);
  void set_place(RowId collection, Standing const& row, std::int64_t place, CommitOutcome& outcome);
  void flush_held(bool last, CommitOutcome& outcome);
  void count(Publication const& publication, CommitOutcome& outcome);
  void insert_record(SubmissionRecord const& record);
  void save_counters();

  Connection& connection_;
  Counters counters_;
  std::unordered_map<std::string, RowId> names_;
  std::unordered_map<std::string, Class> classes_;
  std::set<std::tuple<RowId, RowId, RowId>> corners_;
  // The latest publication of the transaction waits here: only when the next one comes, or the commit ends, is it known whether it is
  // the last, whose date lies on a whole millisecond.
  std::optional<Publication> held_;
  std::int64_t now_us_ = 0;
  bool loaded_ = false;
  std::int64_t wal_pages_ = 0;  // length of the write-ahead log after the latest commit

  Statement newest_, same_, insert_version_, insert_leaf_, insert_publication_, set_place_, standing_, insert_name_, insert_class_,
      save_class_, save_counters_, count_, insert_record_, insert_statement_;
};

}  // namespace tocsin::store::sqlite
