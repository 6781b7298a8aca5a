// What every store tells of campaigns, and how it stores submissions whole or not at all, whatever the database.
#include <memory>

#include "server/store/control_store.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;
using Kind = store::Verdict::Kind;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kRed{stix::Tlp::red, false};

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();
  std::map<std::string, store::RowId> classes;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  std::vector<std::vector<store::Fate>> commit(std::vector<std::vector<store::Candidate>> const& some, bool whole) {
    std::vector<store::CommitPart> parts;
    store::RowId collection = 0;
    for (auto const& candidates : some) {
      store::CommitPart part{++collection, candidates, nullptr, true};
      part.whole = whole;
      parts.push_back(part);
    }
    auto outcome = database->commits().commit(parts, rules, 1'000'000'000'000).value();
    for (auto const& one : outcome.new_classes) classes[one.key] = one.row;
    return outcome.fates;
  }
  void commit(std::vector<store::Candidate> const& candidates) { commit({candidates}, false); }

  store::Sight green(std::vector<store::RowId> collections = {1, 2}) {
    store::Sight sight{std::move(collections), {}};
    sight.window.visible.insert(classes.at(access::class_key(kGreen)));
    return sight;
  }

  store::Indicated indicated(core::Uuid const& campaign, std::size_t most = 100) {
    return database->open_reader().value()->campaigns().indicated(green(), campaign, most).value();
  }
  std::size_t listed(store::RowId after = 0, std::size_t limit = 100) {
    return database->open_reader().value()->campaigns().list(green(), after, limit).value().rows.size();
  }
};

store::Candidate campaign(core::Uuid const& uuid, std::int64_t modified_ns = 10,
                          access::ClassFacts const& facts = kGreen, store::RowId asserter = 1) {
  return make_candidate(asserter, uuid, modified_ns, facts, "campaign");
}

store::Candidate naming(core::Uuid const& uuid, core::Uuid const& named, std::int64_t modified_ns = 10,
                        access::ClassFacts const& facts = kGreen) {
  auto out = make_candidate(1, uuid, modified_ns, facts);
  out.campaigns = {named};
  return out;
}

store::Candidate relating(core::Uuid const& indicator, core::Uuid const& named,
                          access::ClassFacts const& facts = kGreen) {
  auto out = make_candidate(1, core::random_uuid(), 10, facts, "relationship");
  out.campaigns = {named};
  out.indicates = indicator;
  return out;
}

std::size_t count_of(store::Indicated const& indicated) {
  std::size_t all = 0;
  for (auto const& [kind, count] : indicated.by_kind) all += count;
  return all;
}

}  // namespace

TEST_CASE("the newest version of each campaign that is shown is listed once", "[store][campaigns]") {
  World world;
  auto const one = core::random_uuid(), other = core::random_uuid();
  world.commit({campaign(one), campaign(other), campaign(core::random_uuid(), 10, kRed)});
  CHECK(world.listed() == 2);
  world.commit({{campaign(one, 20)}, {campaign(other)}}, false);  // the second in another collection, too
  CHECK(world.listed() == 2);
  world.commit({campaign(one, 10, kGreen, 2)});
  CHECK(world.listed() == 3);
}

TEST_CASE("a page goes on behind the one before it", "[store][campaigns]") {
  World world;
  for (int i = 0; i < 5; ++i) world.commit({campaign(core::random_uuid()), campaign(core::random_uuid(), 10, kRed)});
  auto const reader = world.database->open_reader().value();
  std::size_t told = 0;
  store::RowId after = 0;
  for (bool more = true; more;) {
    auto const page = reader->campaigns().list(world.green(), after, 2).value();
    told += page.rows.size();
    more = page.more;
    CHECK(page.rows.size() == (more ? 2U : 1U));
    after = page.after;
  }
  CHECK(told == 5);
}

TEST_CASE("what is hidden behind the last campaign changes nothing of its page", "[store][campaigns]") {
  World world;
  world.commit({campaign(core::random_uuid())});
  auto const reader = world.database->open_reader().value();
  auto const before = reader->campaigns().list(world.green({1}), 0, 1).value();
  world.commit({{}, {campaign(core::random_uuid())}}, false);  // in a collection that the reader does not know
  world.commit({campaign(core::random_uuid(), 10, kRed)});
  auto const after = reader->campaigns().list(world.green({1}), 0, 1).value();
  CHECK(after.after == before.after);
  CHECK_FALSE(after.more);
}

TEST_CASE("an indicator counts once, whoever tells of it", "[store][campaigns]") {
  World world;
  auto const named = core::random_uuid(), indicator = core::random_uuid();
  world.commit({naming(indicator, named), relating(indicator, named), relating(indicator, named)});
  CHECK(count_of(world.indicated(named)) == 1);
  CHECK(count_of(world.indicated(core::random_uuid())) == 0);
}

TEST_CASE("a relationship counts when both ends of it are shown", "[store][campaigns]") {
  World world;
  auto const named = core::random_uuid(), shown = core::random_uuid(), hidden = core::random_uuid(),
             other = core::random_uuid();
  world.commit({make_candidate(1, shown, 10, kGreen), make_candidate(1, hidden, 10, kRed),
                make_candidate(1, other, 10, kGreen)});
  world.commit({relating(shown, named), relating(hidden, named), relating(other, named, kRed),
                relating(core::random_uuid(), named)});
  CHECK(count_of(world.indicated(named)) == 1);
}

TEST_CASE("an indicator that names the campaign no more is not counted", "[store][campaigns]") {
  World world;
  auto const named = core::random_uuid(), indicator = core::random_uuid();
  world.commit({naming(indicator, named)});
  world.commit({make_candidate(1, indicator, 20, kGreen)});
  CHECK(count_of(world.indicated(named)) == 0);
}

TEST_CASE("more than is looked at is said to be incomplete", "[store][campaigns]") {
  World world;
  auto const named = core::random_uuid();
  for (int i = 0; i < 4; ++i) world.commit({naming(core::random_uuid(), named)});
  CHECK(world.indicated(named, 4).complete);
  auto const some = world.indicated(named, 3);
  CHECK_FALSE(some.complete);
  CHECK(count_of(some) == 3);
}

TEST_CASE("what is erased is neither listed nor counted", "[store][campaigns]") {
  World world;
  auto const named = core::random_uuid(), indicator = core::random_uuid();
  world.commit({campaign(named), naming(indicator, named)});
  auto const erase = [&](std::string const& type, core::Uuid const& what) {
    REQUIRE(world.database->control()
                .erase({1, type, what},
                       [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); })
                .has_value());
  };
  erase("indicator", indicator);
  erase("campaign", named);
  CHECK(count_of(world.indicated(named)) == 0);
  CHECK(world.listed() == 0);
}

TEST_CASE("of what is stored whole nothing is stored when one part is refused, and all when none is", "[store]") {
  World world;
  auto const one = core::random_uuid(), other = core::random_uuid();
  world.commit({campaign(other, 10)});
  auto const refused = world.commit({{campaign(one)}, {campaign(other, 20, kRed)}}, true);
  CHECK(refused[0][0].kind == Kind::store);
  CHECK(refused[1][0].error.code == core::Code::visibility_narrowed);
  CHECK(world.listed() == 1);
  auto const stored = world.commit({{campaign(one)}, {campaign(other, 20)}}, true);
  CHECK(stored[0][0].kind == Kind::store);
  CHECK(stored[1][0].kind == Kind::store);
  CHECK(world.listed() == 2);
  // What comes behind a refusal is not looked at.
  auto const early = world.commit({{campaign(other, 30, kRed), campaign(one, 40)}, {campaign(one, 50)}}, true);
  CHECK(early[0].size() == 1);
  CHECK(early[1].empty());
  CHECK(world.listed() == 2);
}
