// Own ranges and stretches of publications, as every store keeps them.
#include <memory>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using nlohmann::json;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kRed{stix::Tlp::red, false};

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();

  World() { reopen(); }

  void reopen() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  store::RowId organisation(std::string const& name) {
    return database->accounts().add(store::Organisation{0, name, "lab", 2, "identity--" + name, "", false, 1}).value();
  }

  core::Result<std::size_t> add(store::RowId organisation, std::vector<std::string> const& texts,
                                std::size_t most = 100) {
    std::vector<store::OwnRange> rows;
    for (auto const& text : texts) rows.push_back({text, "0123456789abcdef", 7});
    return database->ranges().add(organisation, rows, most);
  }

  std::vector<std::string> texts(store::RowId organisation) {
    std::vector<std::string> out;
    for (auto const& row : database->ranges().ranges_of(organisation).value()) out.push_back(row.text);
    return out;
  }

  std::vector<json> entries(std::string const& action) {
    std::vector<json> out;
    REQUIRE(database->open_reader()
                .value()
                ->audit()
                .visit({},
                       [&](store::AuditRow const& row) {
                         auto entry = json::parse(row.entry);
                         if (entry.at("action").get<std::string>().starts_with(action)) out.push_back(entry);
                         return true;
                       })
                .has_value());
    return out;
  }

  void commit(store::RowId collection, std::vector<store::Candidate> const& candidates) {
    store::CommitPart part{collection, candidates, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
  }

  store::Stretch stretch(store::StretchQuery query) {
    for (auto const& row : database->accounts().classes().value())
      if (access::parse_class_key(row.key) == kGreen) query.window.visible.insert(row.row);
    return database->open_reader().value()->stretch(query).value();
  }
};

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("ranges are kept for the organisation that added them", "[store][ranges]") {
  World world;
  auto aurora = world.organisation("aurora"), borealis = world.organisation("borealis");
  CHECK(world.add(aurora, {"AS150", "9.9.9.0/24"}) == 2u);
  CHECK(world.add(borealis, {"9.9.9.0/24"}) == 1u);
  world.reopen();
  CHECK(world.texts(aurora) == List{"9.9.9.0/24", "AS150"});
  CHECK(world.texts(borealis) == List{"9.9.9.0/24"});
  auto all = world.database->ranges().ranges().value();
  CHECK(all.size() == 2);
  CHECK(all.at(aurora).front().credential == "0123456789abcdef");
  CHECK(all.at(aurora).front().added_us == 7);
}

TEST_CASE("adding what is there and removing what is not changes nothing and is in no trail", "[store][ranges]") {
  World world;
  auto aurora = world.organisation("aurora");
  CHECK(world.add(aurora, {"AS150"}) == 1u);
  CHECK(world.add(aurora, {"AS150"}) == 0u);
  List gone{"AS150", "AS7"};
  CHECK(world.database->ranges().remove(aurora, gone) == 1u);
  CHECK(world.database->ranges().remove(aurora, gone) == 0u);
  CHECK(world.texts(aurora).empty());
  CHECK(world.entries("ranges").size() == 2);
}

TEST_CASE("more ranges than there may be are refused, and none of them is added", "[store][ranges]") {
  World world;
  auto aurora = world.organisation("aurora");
  REQUIRE(world.add(aurora, {"AS1", "AS2"}, 3) == 2u);
  auto refused = world.add(aurora, {"AS2", "AS3", "AS4"}, 3);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::conflict);
  CHECK(world.texts(aurora) == List{"AS1", "AS2"});
  CHECK(world.entries("ranges").size() == 1);
  CHECK(world.add(aurora, {"AS1", "AS2", "AS3"}, 3) == 1u);
}

TEST_CASE("the trail says how many ranges were changed and not which", "[store][ranges]") {
  World world;
  auto aurora = world.organisation("aurora");
  {
    store::ActingFor acting(world.database->audit(), {"aurora", "fedcba9876543210"});
    REQUIRE(world.add(aurora, {"9.9.9.0/24", "AS150"}).has_value());
  }
  auto entry = world.entries("ranges.add").at(0);
  CHECK(entry.at("ranges") == 2);
  CHECK(entry.at("organisation") == "aurora");
  CHECK(entry.at("by").at("credential") == "fedcba9876543210");
  CHECK(entry.dump().find("9.9.9") == std::string::npos);
  CHECK(entry.dump().find("AS150") == std::string::npos);
}

TEST_CASE("a stretch merges what collections show, in order and without a gap", "[store][stretch]") {
  World world;
  for (int i = 0; i < 12; ++i)
    world.commit(i % 4 == 3 ? 2 : 1, {make_candidate(1, core::random_uuid(), 10, i % 3 == 1 ? kRed : kGreen),
                                      make_candidate(1, core::random_uuid(), 10, kGreen, "malware")});
  auto all = world.stretch({{1, 2, 3}, {}, 0, 1'000, {"indicator"}});
  CHECK_FALSE(all.more);
  CHECK(all.rows.size() == 20);
  for (std::size_t limit : {1u, 3u, 4u, 9u, 30u}) {
    std::vector<std::int64_t> walked;
    store::StretchQuery query{{1, 2, 3}, {}, 0, limit, {"indicator"}};
    for (bool more = true; more;) {
      auto part = world.stretch(query);
      more = part.more;
      CHECK(part.rows.size() <= std::max<std::size_t>(limit, 3));
      REQUIRE((!more || !part.rows.empty()));
      for (auto const& one : part.rows) {
        CHECK(one.bytes.empty() == (one.row.type != "indicator"));
        walked.push_back(one.row.sequence);
      }
      if (!part.rows.empty()) query.after_sequence = part.rows.back().row.sequence;
    }
    std::vector<std::int64_t> expected;
    for (auto const& one : all.rows) expected.push_back(one.row.sequence);
    CHECK(walked == expected);
  }
}

TEST_CASE("a stretch ends where its bytes do, and goes on there", "[store][stretch]") {
  World world;
  std::string const text(1'000, 'x');
  for (int i = 0; i < 5; ++i)
    world.commit(1, {make_candidate(1, core::random_uuid(), 10, kGreen, "indicator", text),
                     make_candidate(1, core::random_uuid(), 10, kGreen, "malware", text)});
  auto part = world.stretch({{1}, {}, 0, 100, {"indicator"}, 1'500});
  CHECK(part.rows.size() == 4);
  CHECK(part.more);
  auto one = world.stretch({{1}, {}, 0, 100, {"indicator"}, 1});
  CHECK(one.rows.size() == 2);
  CHECK(one.more);
}

TEST_CASE("a stretch has the newest version alone, and nothing that was withdrawn", "[store][stretch]") {
  World world;
  auto kept = core::random_uuid(), gone = core::random_uuid();
  world.commit(1, {make_candidate(1, kept, 10, kGreen), make_candidate(1, gone, 10, kGreen)});
  world.commit(1, {make_candidate(1, kept, 20, kGreen)});
  REQUIRE(world.database->commits().withdraw({1, "indicator", gone, {}, std::nullopt})->size() == 1);
  auto seen = world.stretch({{1}, {}, 0, 100, {"indicator"}});
  REQUIRE(seen.rows.size() == 1);
  CHECK(seen.rows.front().row.uuid == kept);
  CHECK(seen.rows.front().row.modified_ns == 20);
  CHECK(world.stretch({{}, {}, 0, 100}).rows.empty());
}
