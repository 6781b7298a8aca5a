// What every store keeps of answers to requests with an Idempotency-Key, whatever the database.
#include <memory>
#include <string>

#include "schema/core/digest.hpp"
#include "server/store/control_store.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr std::int64_t kNow = 1'000'000'000'000'000;

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  void keep(std::string const& key, std::string text, std::int64_t at_us = kNow, store::RowId organisation = 1) {
    REQUIRE(database->commits()
                .keep({organisation, core::sha256(key), core::sha256("asked " + key), at_us, std::move(text)})
                .has_value());
  }

  std::optional<store::KeptAnswer> find(std::string const& key, std::int64_t now_us = kNow,
                                        store::RowId organisation = 1) {
    return database->open_reader().value()->answers().find(organisation, core::sha256(key), now_us).value();
  }

  core::Result<store::CommitOutcome> commit(std::vector<store::Candidate> const& candidates, store::Answering answering,
                                            bool whole = false) {
    store::CommitPart part{1, candidates, nullptr, true, {}, whole, std::move(answering)};
    return database->commits().commit({&part, 1}, rules, kNow);
  }
};

store::Answering answering(std::string const& key, std::string text) {
  return [=](std::span<store::Fate const> fates) -> std::optional<store::KeptAnswer> {
    return store::KeptAnswer{1, core::sha256(key), core::sha256("asked"), kNow, text + std::to_string(fates.size())};
  };
}

}  // namespace

TEST_CASE("an answer is that of one organisation, and of a day", "[store][answers]") {
  World world;
  world.keep("a", "told");
  auto const found = world.find("a");
  REQUIRE(found.has_value());
  CHECK(found->answer == "told");
  CHECK(found->request == core::sha256("asked a"));
  CHECK_FALSE(world.find("b"));
  CHECK_FALSE(world.find("a", kNow, 2));
  CHECK(world.find("a", kNow + store::kAnswersKeptUs - 1));
  CHECK_FALSE(world.find("a", kNow + store::kAnswersKeptUs));
  world.keep("a", "told again", kNow + store::kAnswersKeptUs);  // the key is free then
  CHECK(world.find("a", kNow + store::kAnswersKeptUs)->answer == "told again");
}

TEST_CASE("of an organisation the oldest answers go beyond a number, and beyond a length", "[store][answers]") {
  World world;
  world.keep("other", "stays", kNow - 1, 2);
  for (std::size_t i = 0; i <= store::kMostKeptAnswers; ++i)
    world.keep(std::to_string(i), "x", kNow + static_cast<std::int64_t>(i));
  CHECK_FALSE(world.find("0"));
  CHECK(world.find("1"));
  world.keep("long", std::string(store::kMostKeptBytes - 10, 'x'), kNow + 2'000);
  CHECK(world.find(std::to_string(store::kMostKeptAnswers)));
  CHECK_FALSE(world.find("1"));
  CHECK(world.find("long"));
  CHECK(world.find("other", kNow, 2));
}

TEST_CASE("a key is free after its day, however many answers are older", "[store][answers]") {
  World world;
  for (int i = 0; i < 300; ++i) world.keep("old " + std::to_string(i), "x", kNow + i, 2);
  world.keep("a", "told", kNow + 300);
  auto const later = kNow + 300 + store::kAnswersKeptUs;
  world.keep("a", "told again", later);
  CHECK(world.find("a", later)->answer == "told again");
}

TEST_CASE("an answer is stored with what it answers, or neither is", "[store][answers]") {
  World world;
  auto const first = make_candidate(1, core::random_uuid(), 10, kGreen);
  REQUIRE(world.commit({first}, answering("a", "fates ")).has_value());
  CHECK(world.find("a")->answer == "fates 1");
  auto const second = make_candidate(1, core::random_uuid(), 10, kGreen);
  // The same key again is what no caller does; the transaction fails, and the object with it.
  CHECK_FALSE(world.commit({second}, answering("a", "twice ")).has_value());
  CHECK(world.find("a")->answer == "fates 1");
  auto const outcome = world.commit({second}, nullptr).value();
  CHECK_FALSE(outcome.fates[0][0].there);
}

TEST_CASE("what is refused as a whole has no answer", "[store][answers]") {
  World world;
  auto const uuid = core::random_uuid();
  REQUIRE(world.commit({make_candidate(1, uuid, 10, kGreen)}, nullptr).has_value());
  auto other = make_candidate(1, uuid, 10, kGreen);
  other.bytes += " ";
  other.digest = core::sha256(other.bytes);
  auto const outcome = world.commit({other}, answering("a", "never "), true).value();
  REQUIRE(outcome.fates[0][0].kind == store::Verdict::Kind::refuse);
  CHECK_FALSE(world.find("a"));
}

TEST_CASE("an erasure takes the id out of every answer, and leaves their keys to nobody", "[store][answers]") {
  World world;
  auto const uuid = core::random_uuid();
  REQUIRE(world.commit({make_candidate(1, uuid, 10, kGreen)}, nullptr).has_value());
  std::string const id = "indicator--" + core::to_text(uuid);
  world.keep("mine", "{\"id\":\"" + id + "\"}");
  world.keep("operator's", "[\"" + id + "\"]", kNow, 0);
  world.keep("another", "{}");
  auto const erased =
      world.database->control().erase({1, "indicator", uuid}, [](auto const&) { return store::ControlEntry{}; });
  REQUIRE(erased.has_value());
  CHECK(world.find("mine")->answer.empty());
  CHECK(world.find("mine")->request != core::sha256("asked mine"));
  CHECK(world.find("operator's", kNow, 0)->answer.empty());
  CHECK(world.find("another")->answer == "{}");
}
