// What a store opens of its logs: the entries that a window shows, each as its leaf has it, and no others.
#include <sqlite3.h>

#include "schema/log/commitment.hpp"
#include "schema/log/header.hpp"
#include "schema/log/openings.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using stix::Tlp;
using Indices = std::vector<std::uint64_t>;

namespace {

constexpr store::RowId kNetwork = 1, kTools = 2;

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  store::OpeningWindow window{{}, 1'000, {{kNetwork, "network"}, {kTools, "tools"}}};

  World() { open(); }

  void open() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 4}).value();
  }

  store::Candidate candidate(Tlp level, std::string const& text = "") {
    auto out = test::make_candidate(1, core::random_uuid(), 10, {level, false}, "indicator", text);
    out.header_salt = core::random_salt();
    out.body_salt = core::random_salt();
    out.body_commitment = log::commit_body(out.body_salt, out.bytes);
    return out;
  }
  store::Candidate commit(store::Candidate const& candidate, store::RowId collection = kNetwork) {
    auto rules = test::real_rules();
    store::CommitPart part{collection, {&candidate, 1}, nullptr, true};
    auto const outcome = database->commits().commit({&part, 1}, rules, 1'000'000);
    REQUIRE(outcome.has_value());
    for (auto const& made : outcome->new_classes)
      if (!made.key.contains("red")) window.classes.insert(made.row);
    return candidate;
  }
  store::Candidate commit(Tlp level, std::string const& text = "") { return commit(candidate(level, text)); }

  store::ControlEntry control(std::string const& body) {
    store::ControlEntry entry{"{}", core::random_salt(), core::random_salt(), body, {}, {}};
    entry.entry =
        log::entry(log::commit_header(entry.header_salt, entry.header), log::commit_body(entry.body_salt, entry.body));
    entry.leaf = log::leaf(entry.entry);
    REQUIRE(database->control().append(entry, "log-key.change").has_value());
    return entry;
  }

  void run(std::string const& sql) {
    database.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    open();
  }

  core::Result<store::OpenedRange> data(std::uint64_t from, std::uint64_t to, std::size_t most = 100,
                                        std::size_t bytes = 1 << 20) {
    return database->open_reader().value()->openings().data({from, to, most, bytes}, window);
  }
  core::Result<store::OpenedRange> control_log(std::uint64_t from, std::uint64_t to, std::size_t most = 100,
                                               std::size_t bytes = 1 << 20) {
    return database->open_reader().value()->openings().control({from, to, most, bytes});
  }
  Indices opened(std::uint64_t from = 0, std::uint64_t to = 1'000) {
    auto const range = data(from, to);
    REQUIRE(range.has_value());
    CHECK(range->to == to);
    return indices(*range);
  }
  static Indices indices(store::OpenedRange const& range) {
    Indices out;
    for (auto const& entry : range.entries)
      if (!entry.is_closed()) out.push_back(entry.index);
    return out;
  }
};

}  // namespace

TEST_CASE("an opened entry is the stored bytes with header and salts, and gives its leaf", "[store][openings]") {
  World world;
  for (int i = 0; i < 5; ++i) {
    auto const stored = world.commit(Tlp::green, std::to_string(i));
    auto const index = static_cast<std::uint64_t>(i);
    auto const range = world.data(index, index + 1).value();
    REQUIRE(range.entries.size() == 1);
    auto const& entry = range.entries.front();
    CHECK(entry.index == index);
    CHECK(entry.body == stored.bytes);
    CHECK(entry.body_salt == stored.body_salt);
    CHECK(entry.header_salt == stored.header_salt);
    CHECK(entry.collections == std::vector<std::string>{"network"});
    CHECK(log::Header::parse(entry.header).value().class_sequence == index + 1);
    auto const leaves = world.database->open_reader().value();
    CHECK(core::view(entry.leaf()) == leaves->leaves().hashes(store::LogName::data, index, 1).value());
    REQUIRE(range.places.size() == 1);
    CHECK(range.places.front().first == kNetwork);
  }
  CHECK(world.opened() == Indices{0, 1, 2, 3, 4});
  CHECK(world.opened(2, 4) == Indices{2, 3});
  CHECK(world.opened(5, 5).empty());
}

TEST_CASE("what is of another class, in another collection, ended or erased is not opened", "[store][openings]") {
  World world;
  world.commit(Tlp::green);                                        // 0
  auto const erased = world.commit(Tlp::green);                    // 1
  world.commit(Tlp::red);                                          // in no log
  world.commit(Tlp::amber);                                        // 2
  world.commit(world.candidate(Tlp::green), 3);                    // 3
  world.commit(Tlp::green);                                        // 4
  auto const both = world.commit(world.candidate(Tlp::green), 3);  // 5, then also in a collection of the window
  world.commit(both, kTools);
  CHECK(world.opened() == Indices{0, 1, 2, 4, 5});
  CHECK(world.data(5, 6)->entries.front().collections == std::vector<std::string>{"tools"});
  auto entry_for = [](auto const&) { return store::ControlEntry{"{}", {}, {}, "erased", {}, {}}; };
  REQUIRE(world.database->control().erase({1, "indicator", erased.uuid}, entry_for).has_value());
  world.run(
      "UPDATE publications SET place = place | 4 WHERE version = (SELECT version FROM versions WHERE origin_index = "
      "4)");
  CHECK(world.opened() == Indices{0, 2, 5});
  world.window.collections = {{kTools, "tools"}};
  CHECK(world.opened() == Indices{5});
  world.window.collections = {{kNetwork, "network"}};
  world.window.classes = {};
  CHECK(world.opened().empty());
}

TEST_CASE("what another instance logged is not opened as if it had been logged here", "[store][openings]") {
  World world;
  world.commit(Tlp::green);
  world.commit(Tlp::green);
  world.run("UPDATE versions SET origin = 7 WHERE origin_index = 1");
  CHECK(world.opened() == Indices{0});
}

TEST_CASE("an answer ends before the first class that its reader does not know yet", "[store][openings]") {
  World world;
  world.commit(Tlp::green);
  world.commit(Tlp::clear);
  world.commit(Tlp::green);
  world.window.classes_through = 1;
  auto const range = world.data(0, 3).value();
  CHECK(World::indices(range) == Indices{0});
  CHECK(range.to == 1);
  CHECK(world.data(1, 3)->to == 1);
  world.window.classes_through = 2;
  CHECK(world.opened(1, 3) == Indices{1, 2});
}

TEST_CASE("answers of at most so many entries and bytes say all, one after another", "[store][openings]") {
  World world;
  for (int i = 0; i < 20; ++i) {
    world.commit(Tlp::green, std::string(static_cast<std::size_t>(i % 3) * 400, 'x'));
    world.control(std::string(1 + static_cast<std::size_t>(i % 4) * 300, 'y'));
  }
  for (std::size_t most : {1u, 3u, 100u})
    for (std::size_t bytes : {1u, 1'000u, 100'000u})
      for (bool data : {true, false}) {
        Indices seen;
        std::uint64_t from = 0;
        while (from < 20) {
          auto const range = data ? world.data(from, 20, most, bytes) : world.control_log(from, 20, most, bytes);
          REQUIRE(range.has_value());
          REQUIRE(range->to > from);
          CHECK(range->entries.size() <= most);
          log::Openings const answer{"test/log", {}, from, range->to, range->entries};
          auto const head = log::format_openings({"test/log", {}, from, range->to, {}}).size();
          auto const length = log::format_openings(answer).size();
          CHECK((length <= head + bytes + 1 || range->entries.size() == 1));  // a digit more of their count
          for (auto const index : World::indices(*range)) seen.push_back(index);
          from = range->to;
        }
        Indices all;
        for (std::uint64_t i = 0; i < 20; ++i) all.push_back(i);
        CHECK(seen == all);
      }
}

TEST_CASE("an answer has as many closed entries as it may, however large they are", "[store][openings]") {
  World world;
  for (int i = 0; i < 250; ++i) world.commit(Tlp::green);
  world.run("UPDATE publications SET place = place | 4");
  auto const range = world.data(0, 250, 1'000).value();
  CHECK((range.entries.size() == 200 && range.to == 200));
  CHECK(world.data(200, 250, 1'000)->entries.size() == 50);
}

TEST_CASE("every entry of the control log is opened, and one that is missing is told", "[store][openings]") {
  World world;
  std::vector<store::ControlEntry> entries;
  for (char const* body : {"one", "two", "three"}) entries.push_back(world.control(body));
  auto const range = world.control_log(0, 3).value();
  REQUIRE(range.entries.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(range.entries[i].body == entries[i].body);
    CHECK(range.entries[i].leaf() == entries[i].leaf);
    CHECK(range.entries[i].collections.empty());
  }
  CHECK(world.control_log(0, 4).error().code == core::Code::log_inconsistent);
  CHECK(World::indices(world.control_log(1, 2).value()) == Indices{1});
  world.run("DELETE FROM control_entries WHERE position = 1");
  CHECK(world.control_log(0, 3).error().code == core::Code::log_inconsistent);
}

TEST_CASE("content that does not give its leaf is not handed out", "[store][openings]") {
  for (char const* damage : {"bytes = CAST(bytes || ' ' AS BLOB)", "header = CAST(header || ' ' AS BLOB)",
                             "body_salt = zeroblob(32)", "header_salt = NULL", "body_salt = zeroblob(31)"}) {
    World world;
    world.commit(Tlp::green);
    world.commit(Tlp::green);
    world.run("UPDATE versions SET " + std::string(damage) + " WHERE origin_index = 1");
    CAPTURE(damage);
    CHECK(world.data(0, 1)->entries.size() == 1);
    CHECK(world.data(0, 2).error().code == core::Code::log_inconsistent);
  }
}
