#include "tests/integration/store/faulty_world.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "server/ledger/verify.hpp"
#include "tests/support/faulty_vfs.hpp"

namespace tocsin::test {
namespace {

constexpr std::size_t kUnindexed = 8;  // small: entries of the index wander from memory to the table all the time
constexpr store::RowId kCollections = 3;

ledger::CommitLimits limits() {
  ledger::CommitLimits limits;
  limits.objects = 24;  // large submissions take several transactions
  limits.turn = 8;
  limits.interval_us = 1'000'000'000;  // the size of a transaction does not depend on the machine
  limits.checkpoint_pages = 24;
  limits.lead_us = 1'000'000'000'000;  // nothing waits for the clock, which stands still
  return limits;
}

bool is_storage(core::Error const& error) {
  return error.code == core::Code::storage_failed || error.code == core::Code::storage_full;
}

// Failures here are meant to be: nobody reads of them.
int nowhere() {
  static int const descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  return descriptor;
}

std::string key_of(store::Candidate const& candidate) {
  return std::to_string(candidate.asserter) + ' ' + candidate.type + "--" + core::to_text(candidate.uuid) + ' ' +
         std::to_string(candidate.modified_ns);
}

std::unique_ptr<store::Database> open_database(Folder const& folder) {
  auto opened = store::open_sqlite({folder / "db", 8, kUnindexed});
  if (opened) return *std::move(opened);
  if (!is_storage(opened.error())) throw Difference("opening: " + opened.error().detail);
  return nullptr;
}

store::PageQuery everything(store::Database& database, store::RowId collection) {
  store::PageQuery query;
  query.collection = collection;
  query.limit = 100'000;
  query.versions = {false, false, true, {}};
  for (auto const& row : database.accounts().classes().value()) query.window.visible.insert(row.row);
  return query;
}

std::string text_of(store::Page const& page) {
  std::string text = page.objects + '\n';
  for (auto const& row : page.rows)
    text += std::to_string(row.sequence) + ' ' + std::to_string(row.date_added_us) + '\n';
  return text;
}

std::string text_of(std::optional<store::ReadStore::Status> const& status) {
  if (!status) return "none";
  std::string text;
  for (auto const& one : status->accepted) text += one.id + ' ' + one.version + ' ' + one.note + '\n';
  for (auto const& one : status->refused) text += one.id + ' ' + one.version + ' ' + one.message + '\n';
  return text;
}

}  // namespace

FaultyDisk const& migrated_disk() {
  static Folder const folder;
  static std::unique_ptr<FaultyDisk> const disk = [] {
    use_faulty_vfs();
    auto made = std::make_unique<FaultyDisk>(folder.path());
    if (!store::migrate_sqlite(folder / "db")) throw std::runtime_error("the migrations failed on a sound disk");
    auto member = store::Organisation{0, "member", "lab", 4, "identity--member", "", false, 1};
    auto const database = open_database(folder);
    (void)database->accounts().add(member).value();
    (void)database->origins().follow(OtherLog().name()).value();
    return made;
  }();
  return *disk;
}

FaultyWorld::FaultyWorld()
    : disk_(folder_.path(), migrated_disk()),
      twin_disk_(twin_folder_.path(), migrated_disk()),
      log_(nowhere(), base::Level::error),
      twin_(open_database(twin_folder_)),
      twin_reader_(twin_->open_reader().value()) {}

FaultyWorld::~FaultyWorld() { close(); }

bool FaultyWorld::open() {
  database_ = open_database(folder_);
  if (!database_) return false;
  recorder_.attach(database_.get());
  ledger_ = std::make_unique<ledger::GroupCommit>(
      recorder_, rules_, clock_, limits(), folder_.path(), generations_,
      [this](store::CommitOutcome const& outcome) { observe(outcome); }, log_, metrics_);
  return true;
}

void FaultyWorld::close() {
  ledger_.reset();
  snapshot_.reset();
  reader_.reset();
  recorder_.attach(nullptr);
  database_.reset();
}

void FaultyWorld::observe(store::CommitOutcome const& outcome) {
  if (outcome.first_sequence == 0) return;
  if (outcome.first_sequence <= last_sequence_) recorder_.complain("A sequence was given twice.");
  if (outcome.last_date_added_us <= last_date_us_) recorder_.complain("date_added went back.");
  last_sequence_ = outcome.last_sequence;
  last_date_us_ = outcome.last_date_added_us;
}

std::size_t FaultyWorld::submit(std::vector<ledger::Submission> submissions) {
  std::vector<std::future<core::Result<ledger::Receipt>>> answers;
  ledger_->perform([&] {  // the commit thread is here, so that none begins before all wait
    for (auto& submission : submissions) {
      auto promise = std::make_shared<std::promise<core::Result<ledger::Receipt>>>();
      answers.push_back(promise->get_future());
      ledger_->submit(std::move(submission),
                      [promise](core::Result<ledger::Receipt> result) { promise->set_value(std::move(result)); });
    }
  });
  std::size_t stored = 0;
  for (auto& answer : answers) {
    auto receipt = answer.get();
    if (receipt) {
      remember(*receipt);
      ++stored;
    } else if (!is_storage(receipt.error())) {
      throw Difference("a submission was answered: " + receipt.error().detail);
    }
  }
  ledger_->perform([] {});  // what follows the answers is over too
  raise_complaints();
  return stored;
}

void FaultyWorld::remember(ledger::Receipt const& receipt) {
  submissions_.emplace_back(receipt.record.id, receipt.record.organisation);
  for (std::size_t i = 0; i < receipt.fates.size(); ++i) {
    if (receipt.fates[i].kind == store::Verdict::Kind::refuse) continue;
    auto const& candidate = receipt.candidates[i];
    auto [at, fresh] = objects_.emplace(key_of(candidate), candidate.bytes);
    if (fresh) ++acknowledged_;
    if (at->second != candidate.bytes) throw Difference("two contents of one version were acknowledged");
  }
}

void FaultyWorld::withdraw(store::Withdrawal const& withdrawal) {
  ledger_->perform([&] { (void)recorder_.withdraw(withdrawal); });
  raise_complaints();
}

void FaultyWorld::change_account(std::function<core::Result<void>(store::AccountStore&)> const& change) {
  ledger_->perform([&] { recorder_.change_account(change); });
  raise_complaints();
}

// What could not be told is told at the next time: the store says how far it is.
std::optional<store::Origin> FaultyWorld::followed() {
  core::Result<std::vector<store::Origin>> origins;
  ledger_->perform([&] { origins = database_->origins().origins(); });
  if (!origins) return std::nullopt;
  return origins->front();
}

void FaultyWorld::follow(OtherLog const& other, std::vector<store::ForeignObject> const& logged, std::size_t most) {
  auto const before = followed();
  if (!before) return;
  bool verified = false;
  ledger_->perform([&] {
    auto const step = [row = before->row, next = other.verified(),
                       hashes = other.hashes(before->data.size, other.size())](store::OriginStore& store) {
      return store.verified(row, store::LogName::data, next, hashes);
    };
    verified = recorder_.change_origins(step).has_value();
  });
  raise_complaints();
  if (!verified) return;
  auto const from = before->data.applied, to = std::min<std::uint64_t>(from + most, other.size());
  store::Delivery delivery{{before->row, from, to, {3}, {}}, {}};
  for (auto const& one : logged)
    if (auto const index = one.candidate.foreign->index; index >= from && index < to) delivery.objects.push_back(one);
  std::promise<core::Result<std::vector<store::Fate>>> answer;
  ledger_->deliver(std::move(delivery),
                   [&](core::Result<std::vector<store::Fate>> fates) { answer.set_value(std::move(fates)); });
  auto const fates = answer.get_future().get();
  if (!fates && !is_storage(fates.error())) throw Difference("a delivery was answered: " + fates.error().detail);
  ledger_->perform([] {});  // what follows the answer is over too
  raise_complaints();
}

void FaultyWorld::follow_again() {
  auto const before = followed();
  if (!before) return;
  auto const again = [row = before->row](store::OriginStore& store) { return store.begin_again(row); };
  ledger_->perform([&] { (void)recorder_.change_origins(again); });
  raise_complaints();
}

void FaultyWorld::checkpoint() {
  ledger_->perform([&] { recorder_.checkpoint(1); });
}

void FaultyWorld::hold_snapshot(bool hold) {
  snapshot_.reset();
  if (hold) snapshot_.emplace(folder_ / "db");
}

void FaultyWorld::keep_up() {
  for (Deed const& deed : recorder_.take_done()) deed(*twin_);
}

void FaultyWorld::compare_reads(bool may_fail) {
  keep_up();
  compare_statuses(may_fail);
  compare_some_by_id(may_fail);
  for (store::RowId collection = 1; collection <= kCollections; ++collection)
    compare_page(everything(*twin_, collection), may_fail);
}

core::Result<store::ReadStore*> FaultyWorld::reader() {
  if (!reader_) {
    auto opened = database_->open_reader();
    if (!opened) return std::unexpected(opened.error());
    reader_ = *std::move(opened);
  }
  return reader_.get();
}

void FaultyWorld::compare_statuses(bool may_fail) {
  for (std::size_t i = 0; i < submissions_.size(); i += submissions_.size() / 10 + 1) {
    auto const& [id, organisation] = submissions_[i];
    core::Result<std::optional<store::ReadStore::Status>> got;
    if (auto from = reader(); from)
      got = (*from)->status(id, organisation);
    else
      got = std::unexpected(from.error());
    if (!got && may_fail && is_storage(got.error())) continue;
    if (!got) throw Difference("a status cannot be read: " + got.error().detail);
    if (text_of(*got) != text_of(twin_reader_->status(id, organisation).value())) throw Difference("a status differs");
  }
}

// Through the index that is partly in memory.
void FaultyWorld::compare_some_by_id(bool may_fail) {
  auto query = everything(*twin_, 1);
  std::size_t at = 0;
  for (auto const& [key, bytes] : objects_) {
    if (at++ % (objects_.size() / 10 + 1) != 0) continue;
    auto type = key.find(' ') + 1, uuid = key.find("--") + 2;
    query.ids = {{key.substr(type, uuid - 2 - type), core::parse_uuid(key.substr(uuid, 36)).value()}};
    for (query.collection = 1; query.collection <= kCollections; ++query.collection) compare_page(query, may_fail);
  }
}

void FaultyWorld::compare_page(store::PageQuery const& query, bool may_fail) {
  core::Result<store::Page> got;
  if (auto from = reader(); from)
    got = (*from)->page(query);
  else
    got = std::unexpected(from.error());
  if (!got && may_fail && is_storage(got.error())) return;
  if (!got) throw Difference("a page cannot be read: " + got.error().detail);
  if (text_of(*got) != text_of(twin_reader_->page(query).value())) throw Difference("a page differs");
}

void FaultyWorld::verify() {
  raise_complaints();
  settle_tables();
  check_log();
  check_acknowledged();
  compare_reads(false);
}

// The database is where the acknowledged deeds led, or one further: where the one led that was under way.
void FaultyWorld::settle_tables() {
  keep_up();
  auto unsettled = recorder_.take_unsettled();
  if (unsettled.size() > 1) throw Difference("more than one transaction was under way");
  Tables got = tables_of(folder_ / "db"), want = tables_of(twin_folder_ / "db");
  if (got == want) return;
  if (!unsettled.empty()) {
    unsettled.front()(*twin_);
    want = tables_of(twin_folder_ / "db");
    ++landed_;
  }
  for (auto const& [table, rows] : want)
    if (got[table] != rows)
      throw Difference("table " + table + " differs: " + std::to_string(std::ranges::count(got[table], '\n')) +
                       " lines, not " + std::to_string(std::ranges::count(rows, '\n')));
}

void FaultyWorld::check_log() {
  auto logs = database_->open_log();
  if (!logs) throw Difference("the log cannot be opened: " + logs.error().detail);
  auto findings = (*logs)->integrity();
  if (!findings) throw Difference("the integrity check failed: " + findings.error().detail);
  if (!findings->empty()) throw Difference("integrity: " + findings->front());
  auto verdict = ledger::verify_log(**logs, std::nullopt);
  if (!verdict) throw Difference("the log cannot be verified: " + verdict.error().detail);
  if (!verdict->findings.empty()) throw Difference("log: " + verdict->findings.front());
}

void FaultyWorld::check_acknowledged() {
  auto stored = versions_of(folder_ / "db");
  for (auto const& [key, bytes] : objects_) {
    auto found = stored.find(key);
    if (found == stored.end()) throw Difference("acknowledged and lost: " + key);
    if (found->second != bytes) throw Difference("acknowledged with other bytes: " + key);
  }
}

void FaultyWorld::raise_complaints() {
  auto complaints = recorder_.take_complaints();
  if (!complaints.empty()) throw Difference(complaints.front());
}

}  // namespace tocsin::test
