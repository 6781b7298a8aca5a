#include "server/ledger/read_audit.hpp"

#include <future>
#include <nlohmann/json.hpp>
#include <set>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct World {
  test::Folder folder;
  base::SystemClock clock;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  ledger::Generations generations;
  ledger::Rules rules = test::real_rules();
  std::unique_ptr<store::Database> database;
  std::unique_ptr<ledger::GroupCommit> ledger;
  ledger::ReadAuditOptions options;
  std::unique_ptr<ledger::ReadAudit> reads;

  explicit World(std::size_t spill_bytes = 64u << 10) {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8}).value();
    options.spill = folder / "audit/spill";
    options.spill_bytes = spill_bytes;
    options.interval = 20ms;
    options.patience = 500ms;  // a disk that is busy with other tests takes a while
    open();
  }
  ~World() { close(); }

  void open() {
    ledger = std::make_unique<ledger::GroupCommit>(
        database->commits(), rules, clock, ledger::CommitLimits{}, folder.path(), generations,
        [](store::CommitOutcome const&) {}, log, metrics);
    reads = std::make_unique<ledger::ReadAudit>(*ledger, database->audit(), clock, options, log, metrics);
  }
  void close() {
    reads.reset();
    ledger.reset();
  }

  std::vector<json> entries(std::string const& action) {
    std::vector<json> out;
    auto reader = database->open_reader().value();
    REQUIRE(reader->audit()
                .visit({},
                       [&](store::AuditRow const& row) {
                         auto entry = json::parse(row.entry);
                         if (entry.at("action") == action) out.push_back(std::move(entry));
                         return true;
                       })
                .has_value());
    return out;
  }

  std::uint64_t counter(std::string const& name) { return metrics.counter(name, help(name)).value(); }
  static std::string help(std::string const& name) {
    return name == "tocsin_audit_reads_lost_total"
               ? "Reads that the audit trail knows only by number."
               : "Reads that were refused because they could not be recorded first.";
  }

  std::future<core::Result<void>> ask(ledger::ReadNote const& note) {
    auto promise = std::make_shared<std::promise<core::Result<void>>>();
    reads->record(note, [promise](core::Result<void> result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }
};

// The commit thread does nothing else until this is let go.
struct Stuck {
  std::promise<void> let_go;
  std::promise<void> begun;
  explicit Stuck(World& world) {
    auto go = std::make_shared<std::shared_future<void>>(let_go.get_future().share());
    world.ledger->post([go, this] {
      begun.set_value();
      go->wait();
    });
    begun.get_future().wait();
  }
};

ledger::ReadNote page(std::int64_t principal, std::int64_t after, std::int64_t first, std::int64_t last) {
  return {principal, "aurora", principal == 1 ? "one" : "two", 7, "c0ffee", "objects", "", after, first, last, 100};
}

}  // namespace

TEST_CASE("the pages of one pull are one entry with one stretch", "[ledger][audit]") {
  World world;
  for (std::int64_t after = 0; after < 1'000; after += 100) world.reads->record(page(1, after, after + 3, after + 100));
  world.reads->record(page(1, 5'000, 5'001, 5'002));
  world.reads->record(page(2, 0, 1, 100));
  world.reads->flush();
  auto entries = world.entries("read");
  std::uint64_t requests = 0, objects = 0;
  std::set<std::string> readers;
  for (auto const& entry : entries) {
    requests += entry.at("requests").get<std::uint64_t>();
    objects += entry.at("objects").get<std::uint64_t>();
    readers.insert(entry.at("by").at("credential").get<std::string>());
    CHECK(entry.at("collection") == "c0ffee");
    CHECK(entry.at("epoch") == 7);
  }
  CHECK(requests == 12);
  CHECK(objects == 1'200);
  CHECK(readers == std::set<std::string>{"one", "two"});
  CHECK(entries.size() < 8);
}

TEST_CASE("a read of an object is told by a digest that only the instance can make", "[ledger][audit]") {
  World world;
  ledger::ReadRanges ours(core::Digest{1}), theirs(core::Digest{2});
  auto note = page(1, 0, 4, 4);
  note.filters = "match[id]=indicator--11111111-1111-4111-8111-111111111111\n";
  auto mine = json::parse(ours.entry_of(note, 1).entry.text), other = json::parse(theirs.entry_of(note, 1).entry.text);
  CHECK(mine.dump().find("1111-4111") == std::string::npos);
  CHECK(mine.at("filter").get<std::string>().size() == 32);
  CHECK(mine.at("filter") != other.at("filter"));
  CHECK(mine.at("stretches") == json::parse("[[4,4]]"));
}

TEST_CASE("memory for reads is bounded", "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  std::size_t taken = 0;
  std::string filters;
  for (int i = 0; i < 100'000; ++i) {
    auto note = page(1, 0, 1, 1);
    filters = std::to_string(i);
    note.filters = filters;
    taken += ranges.add(note, 1) ? 1 : 0;
  }
  CHECK(taken < 2'000);
  CHECK(ranges.take().size() == taken);
  CHECK(ranges.take().empty());
}

TEST_CASE("a read that waits is on disk when it is told so", "[ledger][audit]") {
  World world;
  CHECK(world.ask(page(1, 0, 1, 9)).get().has_value());
  CHECK(world.entries("read").size() == 1);
}

TEST_CASE("a read that waits is refused while the commit thread is stuck and nothing is recorded of it",
          "[ledger][audit]") {
  World world;
  {
    Stuck stuck(world);
    auto refused = world.ask(page(1, 0, 1, 9)).get();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == core::Code::unavailable);
    stuck.let_go.set_value();
  }
  CHECK(world.ask(page(2, 0, 1, 9)).get().has_value());
  auto entries = world.entries("read");
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].at("by").at("credential") == "two");
  CHECK(world.counter("tocsin_audit_reads_refused_total") == 1);
}

TEST_CASE("reads while the commit thread is stuck are stored afterwards", "[ledger][audit]") {
  World world;
  {
    Stuck stuck(world);
    world.reads->record(page(1, 0, 1, 9));
    world.reads->flush();
    world.reads->record(page(2, 0, 1, 9));
    world.reads->flush();
    CHECK(world.entries("read").empty());
    stuck.let_go.set_value();
  }
  world.reads->flush();
  CHECK(world.entries("read").size() == 2);
  CHECK(world.entries("read.gap").empty());
}

TEST_CASE("a gap entry tells how many reads fitted nowhere", "[ledger][audit]") {
  World world(512);
  {
    Stuck stuck(world);
    for (int i = 1; i <= 20; ++i) {
      world.reads->record(page(i, 0, 1, 9));
      world.reads->flush();
    }
    stuck.let_go.set_value();
  }
  world.reads->flush();
  auto gaps = world.entries("read.gap");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].at("requests").get<std::size_t>() + world.entries("read").size() == 20);
  CHECK(gaps[0].at("requests") == world.counter("tocsin_audit_reads_lost_total"));
  CHECK(gaps[0].at("requests").get<std::size_t>() >= 17);
}

TEST_CASE("what waited when the server stopped is recorded, and what was spilled by the next start",
          "[ledger][audit]") {
  World world;
  world.reads->record(page(1, 0, 1, 9));
  world.close();
  CHECK(world.entries("read").size() == 1);
  {
    ledger::Spill spill(world.options.spill, world.options.spill_bytes);
    ledger::ReadRanges ranges(core::Digest{});
    auto entry = ranges.entry_of(page(2, 0, 1, 9), 1).entry;
    REQUIRE(spill.append({&entry, 1}));
  }
  world.open();
  world.reads->flush();
  CHECK(world.entries("read").size() == 2);
  world.close();
  world.open();
  world.reads->flush();
  CHECK(world.entries("read").size() == 2);
}
