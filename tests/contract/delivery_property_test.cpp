// Whatever members and other instances do at the same time: both logs verify, and each object is there once.
#include <map>

#include "tests/contract/delivery_world.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using test::make_candidate;
using World = test::DeliveryWorld;

namespace {

constexpr store::RowId kMember = 1, kPeer = 9;  // organisations
constexpr std::size_t kDeeds = 60;

access::ClassFacts facts_of(std::size_t choice) {
  constexpr stix::Tlp kLevels[] = {stix::Tlp::clear, stix::Tlp::green, stix::Tlp::amber};
  return {kLevels[choice % 3], false};
}

// One world and what happens in it.
class Story {
 public:
  explicit Story(test::Random& random) : random_(random) {}

  void act() {
    switch (random_.below(8)) {
      case 0:
        return withdraw();
      case 1:
        return erase();
      case 2:
        world_.begin_again();
        return;
      case 3:
        return world_.reopen();
      case 4:
      case 5: {
        std::vector<store::Candidate> candidates;
        for (std::size_t i = random_.below(5) + 1; i > 0; --i) candidates.push_back(candidate(kMember));
        world_.commit(candidates, collection());
        return;
      }
      default:
        return take();
    }
  }

  void check() {
    CHECK(world_.findings() == std::vector<std::string>());
    for (store::RowId collection : {1, 2})
      for (auto const& [uuid, times] : counts(collection)) CHECK(times == 1);
  }

 private:
  store::RowId collection() { return random_.chance(50) ? 1 : 2; }

  store::Candidate candidate(store::RowId asserter) {
    auto const uuid = ids_.empty() || random_.chance(60) ? ids_.emplace_back(core::random_uuid()) : random_.pick(ids_);
    return make_candidate(asserter, uuid, static_cast<std::int64_t>(random_.below(20)), facts_of(random_.below(3)));
  }

  // What is behind the cursor, in one delivery or in several.
  void take() {
    for (std::size_t i = random_.below(6); i > 0; --i) {
      if (random_.chance(30)) world_.other.withhold();
      logged_.push_back(
          world_.other.log(world_.origin, candidate(kPeer),
                           random_.chance(20) ? std::vector<store::RowId>{1, 2} : std::vector{collection()}));
    }
    world_.verify();
    while (world_.read < world_.other.size()) {
      auto const to = std::min(world_.other.size(), world_.read + 1 + random_.below(12));
      std::vector<store::ForeignObject> objects;
      for (auto const& one : logged_)
        if (auto const index = one.candidate.foreign->index; index >= world_.read && index < to) objects.push_back(one);
      REQUIRE(world_.deliver({world_.origin, world_.read, to, World::kTerms, {}}, objects).has_value());
      CHECK_FALSE(world_.deliver({world_.origin, world_.read, to, World::kTerms, {}}, objects).has_value());
      world_.read = to;
    }
  }

  void withdraw() {
    if (ids_.empty()) return;
    store::Withdrawal const withdrawal{collection(), "indicator", random_.pick(ids_), {}, std::nullopt};
    REQUIRE(world_.database->commits().withdraw(withdrawal).has_value());
  }

  // Of what another instance logged: the leaves of this one need its keys.
  void erase() {
    if (logged_.empty()) return;
    auto const& what = random_.pick(logged_).candidate;
    REQUIRE(world_.database->control().erase({kPeer, "indicator", what.uuid}, world_.entry_for()).has_value());
    CHECK(world_.said.empty());
  }

  // How often an asserter's version of an id and an instant is published.
  std::map<std::string, int> counts(store::RowId collection) {
    store::PageQuery query;
    query.collection = collection;
    query.limit = 10'000;
    query.every_row = true;
    query.versions = {false, false, true, {}};
    for (auto const& row : world_.database->accounts().classes().value()) query.window.visible.insert(row.row);
    std::map<std::string, int> out;
    for (auto const& row : world_.database->open_reader().value()->page(query).value().rows)
      ++out[std::to_string(row.asserter) + core::to_text(row.uuid) + std::to_string(row.modified_ns)];
    return out;
  }

  test::Random& random_;
  World world_;
  std::vector<core::Uuid> ids_;
  std::vector<store::ForeignObject> logged_;
};

}  // namespace

TEST_CASE("whatever comes between own commits and what other instances logged, both logs verify",
          "[store][delivery][property]") {
  test::Random random;
  for (int world = 0; world < 8; ++world) {
    Story story(random);
    for (std::size_t deed = 0; deed < kDeeds; ++deed) {
      story.act();
      if (deed % 10 == 9) story.check();
    }
  }
}
