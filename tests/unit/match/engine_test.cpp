#include "server/match/engine.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mmdb_file.hpp"
#include "tests/unit/match/amount.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using test::at;
using test::change;
using test::entry;
using test::seeing_class_1;

void tell(Engine& engine, std::vector<Entry> const& entries) {
  std::vector<Change> changes;
  for (auto const& one : entries) changes.push_back(change(one));
  engine.apply(changes, 1);
}

std::size_t hits(Engine const& engine, Item const& item, Filter const& filter = seeing_class_1()) {
  return engine.match(item, filter).hits.size();
}

std::shared_ptr<Snapshot const> rebuilt(test::World const& world) {
  Snapshot::Builder builder;
  for (auto const& [id, one] : world.now()) builder.add(one);
  return std::move(builder).build();
}

}  // namespace

TEST_CASE("Answers are those of a pass over every indicator, however much waits or was folded") {
  test::Random random;
  test::World world(random);
  Engine engine;
  auto const rounds = test::lookups() / 10'000 + 20;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<Change> changes(random.below(20));
    for (auto& one : changes) one = world.change();
    engine.apply(changes, static_cast<std::int64_t>(round));
    if (random.chance(20)) engine.fold();
    if (random.chance(5)) engine.reset(rebuilt(world), static_cast<std::int64_t>(round));
    std::vector<Item> items(1 + random.below(40));
    for (auto& item : items) item = world.item();
    auto const filter = world.filter();
    auto const answer = engine.match(items, filter);
    REQUIRE(answer.sequence == static_cast<std::int64_t>(round));
    bool const as_a_pass = answer.hits == world.expected(items, filter);
    REQUIRE(as_a_pass);
    Engine anew;
    anew.reset(rebuilt(world), 0);
    bool const as_rebuilt =
        anew.match(items, filter).hits == answer.hits && anew.unindexed(filter) == engine.unindexed(filter);
    REQUIRE(as_rebuilt);
  }
}

TEST_CASE("No more hits are held than the asker wants, and she learns that there may be more") {
  Engine engine;
  std::vector<Entry> entries;
  for (std::uint8_t number = 0; number < 100; ++number) entries.push_back(entry(number));
  tell(engine, entries);
  std::vector<Item> const items(10'000, at("192.0.2.1"));
  auto filter = seeing_class_1();
  filter.most = 250;
  auto const cut = engine.match(items, filter);
  CHECK(cut.hits.size() == 250);
  CHECK_FALSE(cut.complete);
  auto const first = engine.match(std::span(items).first(2), filter);
  CHECK(first.hits.size() == 200);
  CHECK(first.complete);
  filter.visible = {};  // what is hidden does not count
  CHECK(engine.match(items, filter).complete);
}

TEST_CASE("Nobody is told of an indicator whose classes she does not see") {
  Engine engine;
  auto several = entry(1);
  several.classes = {3, 70};
  tell(engine, {several});
  CHECK(hits(engine, at("192.0.2.1"), Filter{}) == 0);
  CHECK(hits(engine, at("192.0.2.1"), test::seeing({0b0110})) == 0);
  CHECK(hits(engine, at("192.0.2.1"), test::seeing({0b1000})) == 1);
  CHECK(hits(engine, at("192.0.2.1"), test::seeing({0, 1 << 6})) == 1);
}

TEST_CASE("A producer sees its own indicators by the classes of its own") {
  Engine engine;
  auto own = entry(1);
  own.facts.asserter = 7;
  tell(engine, {own});
  Filter filter = test::seeing({});
  filter.own = Classes({0b10});
  CHECK(hits(engine, at("192.0.2.1"), filter) == 0);
  filter.asserter = 8;
  CHECK(hits(engine, at("192.0.2.1"), filter) == 0);
  filter.asserter = 7;
  CHECK(hits(engine, at("192.0.2.1"), filter) == 1);
}

TEST_CASE("An item is judged at its own time, and without one at the time of the question") {
  Engine engine;
  auto once = entry(1);
  once.facts.valid_from_us = 10;
  once.facts.valid_until_us = 20;
  tell(engine, {once});
  auto item = at("192.0.2.1");
  CHECK(hits(engine, item, seeing_class_1(9)) == 0);
  CHECK(hits(engine, item, seeing_class_1(10)) == 1);
  CHECK(hits(engine, item, seeing_class_1(19)) == 1);
  CHECK(hits(engine, item, seeing_class_1(20)) == 0);
  item.at_us = 15;
  CHECK(hits(engine, item, seeing_class_1(1'000)) == 1);
  item.at_us = 9;
  CHECK(hits(engine, item, seeing_class_1(15)) == 0);
}

TEST_CASE("What may no longer be kept hits nothing, whatever the time of the item") {
  Engine engine;
  auto kept = entry(1);
  kept.facts.share_until_us = 50;
  tell(engine, {kept});
  auto item = at("192.0.2.1");
  item.at_us = 10;
  CHECK(hits(engine, item, seeing_class_1(49)) == 1);
  CHECK(hits(engine, item, seeing_class_1(50)) == 0);
}

TEST_CASE("What was taken back hits nothing, from the next answer on, before and after it was folded") {
  Engine engine;
  tell(engine, {entry(1), entry(2)});
  engine.fold();
  REQUIRE(hits(engine, at("192.0.2.1")) == 2);
  engine.apply(std::vector<Change>{{test::id(1), std::nullopt}}, 2);
  auto const answer = engine.match(at("192.0.2.1"), seeing_class_1());
  CHECK(answer.sequence == 2);
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits.front().indicator.id == test::id(2));
  engine.fold();
  CHECK(hits(engine, at("192.0.2.1")) == 1);
}

TEST_CASE("A new version takes the place of the old one") {
  Engine engine;
  tell(engine, {entry(1, "192.0.2.0/24")});
  engine.fold();
  tell(engine, {entry(1, "198.51.100.0/24")});
  CHECK(hits(engine, at("192.0.2.1")) == 0);
  CHECK(hits(engine, at("198.51.100.1")) == 1);
}

TEST_CASE("A lower bound of confidence leaves out what states less or none") {
  Engine engine;
  auto sure = entry(1), unsure = entry(2);
  sure.facts.confidence = 80;
  unsure.facts.confidence = 79;
  tell(engine, {sure, unsure, entry(3)});
  auto filter = seeing_class_1();
  CHECK(hits(engine, at("192.0.2.1"), filter) == 3);
  filter.min_confidence = 80;
  CHECK(hits(engine, at("192.0.2.1"), filter) == 1);
}

TEST_CASE("An indicator that an item meets in several ways hits it once, by the best of them") {
  Engine engine;
  auto both = entry(1, "");
  both.keys = {test::key(Field::ja4, "t13d1516h2"), test::key(Field::ja4, "t13d1516h2_*_02713d6af862")};
  tell(engine, {both});
  Item item;
  item.keys = {test::key(Field::ja4, "t13d1516h2_8daaf6152771_02713d6af862")};
  auto const answer = engine.match(item, seeing_class_1());
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits.front().score == 0.7F);
  CHECK(answer.hits.front().field == Field::ja4);
}

TEST_CASE("A fingerprint hits only in the form in which it was shared") {
  Engine engine;
  auto whole = entry(1, "");
  whole.keys = {test::key(Field::ja4, "t13d1516h2_8daaf6152771_02713d6af862")};
  tell(engine, {whole});
  Item item;
  item.keys = {test::key(Field::ja4, "t13d1516h2_000000000000_02713d6af862")};
  CHECK(hits(engine, item) == 0);
}

TEST_CASE("What nothing here looks up is counted for those who see it") {
  Engine engine;
  tell(engine, {entry(1, ""), entry(2)});
  CHECK(engine.unindexed(seeing_class_1()) == 1);
  CHECK(engine.unindexed(test::seeing({0b100})) == 0);
  engine.fold();
  CHECK(engine.unindexed(seeing_class_1()) == 1);
  engine.apply(std::vector<Change>{{test::id(1), std::nullopt}}, 2);
  CHECK(engine.unindexed(seeing_class_1()) == 0);
}

TEST_CASE("What is looked up partly hits and is counted as unindexed, before and after a fold") {
  Engine engine;
  auto one = entry(1);
  one.partly = true;
  tell(engine, {one, entry(2)});
  for (int folds = 0; folds < 2; ++folds) {
    CHECK(engine.unindexed(seeing_class_1()) == 1);
    CHECK(hits(engine, test::at("192.0.2.1")) == 2);
    engine.fold();
  }
}

TEST_CASE("The autonomous system of an address comes from the database, unless the item names one") {
  test::Folder const folder;
  auto const path = (folder.path() / "asn.mmdb").string();
  test::MmdbFile file;
  file.add(test::network("198.51.100.0/24"), 64'496);
  file.write(path);
  auto system = entry(1, "");
  system.asns = {64'496};
  Engine engine(std::make_shared<AsnDatabase const>(AsnDatabase::open(path).value())), without;
  tell(engine, {system});
  tell(without, {system});
  auto item = at("198.51.100.1");
  CHECK(hits(engine, item) == 1);
  CHECK(hits(without, item) == 0);
  item.asn = 64'497;
  CHECK(hits(engine, item) == 0);
}
