// The commit transaction over SQLite. Owned by the database; commit thread only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/store/commit_store.hpp"
#include "server/store/control_store.hpp"
#include "server/store/recall_store.hpp"
#include "server/store/sqlite/answers.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/campaigns.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/claims.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/numberings.hpp"
#include "server/store/sqlite/publications.hpp"
#include "server/store/sqlite/recalls.hpp"
#include "server/store/sqlite/responses.hpp"
#include "server/store/sqlite/retention.hpp"
#include "server/store/sqlite/waiting.hpp"

namespace tocsin::store::sqlite {

class Commits final : public CommitStore, public ControlStore, public RecallStore {
 public:
  Commits(Connection& connection, ChainIndex& chains, Audit& audit, WaitingTable& waiting);

  core::Result<CommitOutcome> commit(std::span<CommitPart> parts, CommitRules const& rules,
                                     std::int64_t now_us) override;
  core::Result<CommitOutcome> deliver(Delivery const& delivery, CommitRules const& rules, std::int64_t now_us) override;
  core::Result<std::vector<std::int64_t>> withdraw(Withdrawal const& withdrawal) override;
  core::Result<std::size_t> log_heads(CommitRules const& rules) override;
  core::Result<Retracted> retract(std::span<Retraction const> retractions) override;
  core::Result<void> keep(KeptAnswer const& answer) override;
  void checkpoint(std::int64_t pages) override;
  core::Result<std::uint64_t> append(ControlEntry const& entry, std::string_view action) override;
  core::Result<Erased> erase(Erasure const& erasure, EntryFor const& entry_for) override;
  core::Result<Destroyed> destroy(std::span<RetentionRule const> rules, RetentionBatch const& batch,
                                  EntryFor const& entry_for) override;
  bool empty_write_ahead_log() override;
  core::Result<Recalled> recall(RecallOrder const& order, EntryFor const& entry_for,
                                CommitListener const& listener) override;
  core::Result<void> keep(Receipt const& receipt) override;
  core::Result<void> keep(SaidOfDependents const& said) override;
  core::Result<AppliedControl> apply(ControlDelivery const& delivery, CommitListener const& listener) override;
  core::Result<TakenBack> take_back(LogBeyond const& beyond, std::int64_t now_us) override;

 private:
  struct LogSizes {
    std::int64_t data_size = 0, control_size = 0;
  };
  struct Logged {  // where and as what a version is logged
    RowId origin = 0;
    std::optional<std::int64_t> index, class_sequence;
    std::optional<RowId> numbering;
    Seal seal;  // of an origin's: the header alone
  };
  struct Known {  // an entry of an origin that is stored; `erased`: without its content
    Publication version;
    core::Uuid uuid{};
    std::int64_t modified_ns = 0;
    bool erased = false;
  };

  struct Erasing {  // what one transaction erases
    Erased erased;
    CommitOutcome outcome;
    std::set<core::Uuid> objects;
  };

  void load();
  void forget();  // after a rollback: what memory holds may be ahead of the database
  std::optional<RowId> find_name(std::string const& text);
  RowId name_row(std::string const& text);
  RowId class_of(std::string const& key, CommitOutcome& outcome);
  bool has_relied_statements(Candidate const& candidate);
  ChainState chain(Candidate const& candidate, RowId type);
  ChainState::Version version(RowId row, std::int64_t modified_ns);
  static bool is_released_since(Verdict const& verdict, ChainState const& chain);
  Fate settle(std::span<RowId const> collections, Candidate const& candidate, CommitRules const& rules,
              CommitOutcome& outcome);
  Fate hold(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome);
  Fate publish(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome);
  Fate fate_of(CommitPart const& part, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome);
  bool show(std::span<RowId const> collections, Publication publication, Candidate const& candidate, bool chain_exists,
            CommitOutcome& outcome);
  struct Place {
    RowId cls = 0, collection = 0;  // where it is published first
  };
  Logged logged(Candidate const& candidate, Place place, CommitRules const& rules);
  RowId insert_version(Candidate const& candidate, RowId type, Place place, CommitRules const& rules);
  void log_head(Numberings::Numbering& numbering, CommitRules const& rules);
  core::Result<void> take_place_of_all(Candidate const& released, RowId type, CommitOutcome& outcome);
  void end_chain(Candidate const& candidate, RowId type, CommitOutcome& outcome);
  core::Result<void> advance(Applied const& applied);
  std::vector<RowId> places_of(ForeignObject const& object);
  Fate take(ForeignObject const& object, CommitRules const& rules, CommitOutcome& outcome);
  bool is_too_long(Candidate const& candidate);
  Fate show_again(Known const& known, std::vector<RowId> const& collections, CommitOutcome& outcome);
  std::optional<Known> known(Candidate::Foreign const& entry);
  bool was_published(RowId version, RowId collection);
  void keep_refusals(Delivery const& delivery, std::span<Fate const> fates, std::int64_t now_us);
  void finish(Transaction& transaction, CommitRules const& rules, CommitOutcome& outcome);
  static void announce_and_commit(Transaction& transaction, CommitOutcome const& outcome,
                                  CommitListener const& listener);
  static void announce_and_commit(Transaction& transaction, ShownChange const& change, CommitListener const& listener);
  void insert_record(SubmissionRecord const& record);
  void save_counters();
  void insert_leaf(std::int64_t log, std::int64_t position, core::Digest const& leaf, log::Entry const& entry);
  void insert_control(ControlEntry const& entry);
  std::vector<RowId> collections_of(std::vector<ChainIndex::Entry> const& chain);
  Retracted end_all(Retraction const& retraction);
  bool checkpoint_patiently(int mode);  // false: a reader was in the way
  void erase_chain(RowId asserter, ChainIndex::Id const& id, Erasing& erasing);
  void erase_waiting(RowId asserter, std::string const& type, ChainIndex::Id const& id, Erasing& erasing);
  void forget_mutes(ChainIndex::Id const& id, RowId asserter);
  core::Result<Erased> finish(Erasing& erasing, EntryFor const& entry_for);
  void overwrite(RowId version, std::vector<std::uint64_t>& leaves);
  void destroy_indicator(RowId version, bool promised, Erasing& erasing);
  void destroy_waiting(RowId due, Erasing& erasing);
  std::vector<ChainIndex::Id> stored_with(RowId asserter, ChainIndex::Id const& indicator);
  std::optional<ChainIndex::Id> id_of(RowId version);
  void forget_version(RowId version);
  void note(Recalled const& recalled);
  core::Result<std::vector<std::uint64_t>> leaves_of(RecallOrder const& order);
  core::Result<std::vector<std::uint64_t>> leaves_recalled(MadeRecall const& made);
  std::vector<RowId> versions_of(RecallOrder const& order);
  ShownChange end(RecallOrder const& order);
  ShownChange publish_again(RecallOrder const& order, std::vector<std::uint64_t> const& leaves);
  std::optional<RowId> version_at(RowId origin, std::uint64_t index);  // unless it is erased
  ShownChange end_versions(std::vector<RowId> const& versions, bool held);
  ShownChange show_recalled(std::vector<RowId> const& versions);
  bool advance_control(ControlDelivery const& delivery);  // false: it was applied
  std::string carry_out(RowId origin, ControlDelivery::Entry const& entry, AppliedControl& out);
  void settle_numberings(RowId origin, std::uint64_t lost_before);
  void read_again(RowId origin, std::uint64_t index);
  void erase_versions(std::vector<RowId> const& versions);
  bool is_named_in_answers(ChainIndex::Id const& id);
  void append_lost(std::string_view leaves);
  void do_again(ControlEntry const& entry, std::int64_t now_us, TakenBack& out);
  void erase_again(std::vector<std::uint64_t> const& indices, TakenBack& out);
  void recall_again(log::Recall const& recall, std::int64_t now_us, TakenBack& out);
  RecallOrder order_of(log::Recall const& recall, std::int64_t now_us);

  Connection& connection_;
  ChainIndex& chains_;
  Audit& audit_;
  WaitingTable& waiting_;
  Answers answers_;
  Indicators indicators_;
  Publications publications_;
  Claims claims_;
  Retention retention_;
  Campaigns campaigns_;
  Responses responses_;
  Recalls recalls_;
  Numberings numberings_;
  LogSizes log_;
  std::unordered_map<std::string, RowId> names_;
  std::unordered_map<std::string, RowId> classes_;
  bool loaded_ = false;
  std::int64_t now_us_ = 0;     // of the commit under way
  std::int64_t wal_pages_ = 0;  // length of the write-ahead log after the latest commit
  std::int64_t waited_at_ = 0;  // its length when a checkpoint last waited for readers; 0: it was reused since

  Statement version_, insert_version_, insert_leaf_, insert_name_, insert_class_, save_counters_, insert_record_,
      insert_statement_, find_statement_, known_, was_published_;
};

}  // namespace tocsin::store::sqlite
