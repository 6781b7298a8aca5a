// What control logs of other instances say of what came from them, or will come: recalls and erasures as they are
// applied.
#include <sqlite3.h>

#include "schema/core/digest.hpp"
#include "schema/log/manifest.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;
using test::make_candidate;
using Effect = store::ControlDelivery::Effect;
using Instants = std::vector<std::int64_t>;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr std::int64_t kSaid = 1'790'000'000;
constexpr store::RowId kPeer = 9;

struct World : test::DeliveryWorld {
  std::uint64_t applied = 0;
  core::Uuid const uuid = core::random_uuid();

  World() {
    test::OtherLog control(log::control_origin(other.name()));
    for (int i = 0; i < 100; ++i) control.withhold();
    REQUIRE(database->origins()
                .verified(origin, store::LogName::control, control.verified(), control.hashes(0, 100))
                .has_value());
  }

  store::ForeignObject version(std::int64_t modified_ns, std::vector<store::RowId> collections = {1}) {
    return other.log(origin, make_candidate(kPeer, uuid, modified_ns, kGreen), std::move(collections));
  }

  core::Result<store::AppliedControl> apply(std::uint64_t from, std::uint64_t to,
                                            std::vector<store::ControlDelivery::Entry> entries = {}) {
    return database->recalls().apply({origin, other.name(), from, to, std::move(entries), now_us}, rules);
  }
  std::string opening_of_flaw() {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    std::string out = "none";
    auto const read = [](void* to, int, char** row, char**) {
      *static_cast<std::string*>(to) = row[0];
      return 0;
    };
    CHECK(sqlite3_exec(db, "SELECT CAST(opening AS TEXT) FROM origin_flaws", read, &out, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    return out;
  }
  store::AppliedControl say(Effect effect, std::vector<std::uint64_t> indices, std::int64_t said_s,
                            std::string const& void_because = "") {
    auto out = apply(applied, applied + 1,
                     {{applied, effect == Effect::erase ? "erase" : "recall", effect, std::move(indices),
                       static_cast<std::uint64_t>(said_s), void_because}})
                   .value();
    ++applied;
    return out;
  }
};

}  // namespace

TEST_CASE("what another instance recalled within an hour is counted, by this one's clock and without erasures",
          "[store][control]") {
  World world;
  auto const lately = [&](std::int64_t now_us) {
    return world.database->open_reader().value()->recalls().recalled_lately(now_us).value();
  };
  world.take({world.version(1), world.version(2, {1, 2}), world.version(3)});
  world.say(Effect::erase, {2}, 1);
  CHECK(lately(world.now_us + 1).empty());
  world.say(Effect::suppress, {0, 1}, 1);  // long ago, as it says
  REQUIRE(lately(world.now_us + 1).size() == 1);
  auto const one = lately(world.now_us + 1).front();
  CHECK((one.origin == world.origin && one.name == world.other.name() && one.ended == 2 && !one.alarming));
  world.say(Effect::suppress, {0, 1}, 2);  // which ends nothing
  CHECK(lately(world.now_us + 1).front().ended == 2);
  std::vector<store::ForeignObject> more;
  std::vector<std::uint64_t> indices;
  while (more.size() < 18) {
    indices.push_back(world.other.size());
    more.push_back(world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 1, kGreen)));
  }
  world.take(std::move(more));
  world.say(Effect::suppress, indices, 3);
  CHECK((lately(world.now_us + 1).front().ended == 20 && lately(world.now_us + 1).front().alarming));
  CHECK(lately(world.now_us + 3'600'000'000).empty());
}

TEST_CASE("what another instance recalls ends here, and what it restores is shown again", "[store][control]") {
  World world;
  world.take({world.version(1), world.version(2, {1, 2})});
  REQUIRE(world.published() == Instants{1, 2});
  auto const ended = world.say(Effect::suppress, {0, 1}, kSaid);
  CHECK((ended.ended == 2 && ended.void_entries.empty()));
  CHECK(ended.change.collections == std::vector<store::RowId>{1, 2});
  CHECK((world.published().empty() && world.published(2).empty()));
  CHECK(world.say(Effect::restore, {0, 1}, kSaid + 3'600).restored == 2);
  CHECK(world.published() == Instants{1, 2});
  CHECK(world.published(2) == Instants{2});
  CHECK(world.published(1, false) == Instants{2});
  CHECK(world.say(Effect::withdraw, {0, 1}, kSaid + 7'200).ended == 2);
  CHECK(world.say(Effect::restore, {0, 1}, kSaid + 10'800).void_entries.size() == 1);
  CHECK(world.published().empty());
  CHECK(world.findings().empty());
}

TEST_CASE("a recall of some versions of a chain leaves the others", "[store][control]") {
  World world;
  world.take({world.version(1), world.version(2), world.version(3)});
  world.say(Effect::suppress, {2}, kSaid);
  CHECK(world.published() == Instants{1, 2});
  CHECK(world.published(1, false) == Instants{2});
}

TEST_CASE("what is restored within an hour of its recall stays recalled, and that is kept as void",
          "[store][control]") {
  World world;
  world.take({world.version(1)});
  world.say(Effect::suppress, {0}, kSaid);
  auto const early = world.say(Effect::restore, {0}, kSaid + 3'599);
  REQUIRE(early.void_entries.size() == 1);
  CHECK(early.void_entries.front().first == 1);
  CHECK(world.published().empty());
  CHECK(world.say(Effect::restore, {0}, kSaid - 1).void_entries.size() == 1);  // nor is it dated back
  CHECK(world.say(Effect::restore, {0}, kSaid + 3'600).void_entries.empty());
  CHECK(world.published() == Instants{1});
}

TEST_CASE("an entry of many targets comes in turns, each once or again", "[store][control]") {
  World world;
  world.take({world.version(1), world.version(2)});
  auto const turn = [&](std::uint64_t to, std::uint64_t target) {
    return world.apply(0, to, {{0, "erase", Effect::erase, {target}, static_cast<std::uint64_t>(kSaid), ""}});
  };
  CHECK(turn(0, 0)->erased == 1);
  CHECK(world.published() == Instants{2});
  CHECK(turn(0, 0)->erased == 0);  // it was interrupted, and begins again
  CHECK(turn(1, 1)->erased == 1);
  CHECK(world.published().empty());
  CHECK(turn(1, 1).error().code == core::Code::conflict);  // the entry is behind the cursor
  CHECK(world.findings().empty());
}

TEST_CASE("what was restored is hidden again at once, and then for an hour", "[store][control]") {
  World world;
  world.take({world.version(1), world.version(2)});
  world.say(Effect::suppress, {0}, kSaid);
  world.say(Effect::restore, {0}, kSaid + 3'600);
  REQUIRE(world.published().size() == 2);
  CHECK(world.say(Effect::suppress, {0, 1}, kSaid + 3'601).void_entries.empty());  // with another object
  CHECK(world.published().empty());
  CHECK(world.say(Effect::restore, {0}, kSaid + 7'200).void_entries.size() == 1);
  CHECK(world.say(Effect::restore, {0, 1}, kSaid + 7'201).restored == 2);
  CHECK(world.say(Effect::suppress, {0}, kSaid).void_entries.empty());  // dated back, it shortens no hour
  CHECK(world.say(Effect::restore, {0}, kSaid + 10'800).void_entries.size() == 1);
  CHECK(world.say(Effect::withdraw, {0}, kSaid + 10'800).void_entries.empty());
  CHECK(world.published() == Instants{2});
}

TEST_CASE("what is void changes nothing, and what follows is applied", "[store][control]") {
  World world;
  world.take({world.version(1)});
  CHECK(world.say(Effect::suppress, {0}, kSaid, "it names what is not there").void_entries.size() == 1);
  CHECK(world.published() == Instants{1});
  CHECK(world.say(Effect::suppress, {0}, kSaid).ended == 1);
}

TEST_CASE("what another instance erases is gone here, and no log of this one says so", "[store][control]") {
  World world;
  world.take({world.version(1), world.version(2)});
  world.say(Effect::suppress, {0}, kSaid);
  auto const erased = world.say(Effect::erase, {0, 1}, kSaid + 1);
  CHECK((erased.erased == 2 && erased.void_entries.empty()));
  CHECK(world.published().empty());
  CHECK(world.database->open_reader().value()->retractions().retractable(std::nullopt, world.uuid)->empty());
  CHECK(world.say(Effect::restore, {0}, kSaid + 7'200).void_entries.size() == 1);
  CHECK(world.say(Effect::erase, {0}, kSaid + 7'201).void_entries.empty());
  CHECK(world.findings().empty());
  world.reopen();
  CHECK(world.published().empty());
}

TEST_CASE("what shows that something was withheld or handed on keeps nothing of an entry that is erased",
          "[store][control][completeness][relays]") {
  World world;
  for (int i = 0; i < 3; ++i) world.other.withhold();
  world.verify();
  store::Delivery const delivery{
      {world.origin, 0, 3, World::kTerms, {}},
      {},
      {{1, {7}, 3, {}, std::nullopt, "its header"}, {2, {7}, 3, {}, log::Head{3, 1, {}}, "the head"}}};
  REQUIRE(world.database->commits().deliver(delivery, world.rules, world.now_us).has_value());
  store::Misrelayed entry{"rook", world.other.name(), 1, "its text", 7};
  REQUIRE(world.database->relays().keep(entry).value());
  REQUIRE(world.opening_of_flaw() == "its header");
  world.say(Effect::erase, {1}, kSaid);
  CHECK(world.database->witnesses().evidence("rook")->empty());
  CHECK_FALSE(world.database->relays().keep(entry).value());  // nor when it is handed on again
  entry.index = 0;
  CHECK(world.database->relays().keep(entry).value());
  CHECK(world.opening_of_flaw().empty());
  CHECK(world.database->origins().completeness(world.origin, world.now_us + 120'000'000)->gaps == 1);
}

TEST_CASE("answers that name what another instance erases are forgotten, and those of a member's own object are not",
          "[store][control]") {
  World world;
  auto const keep = [&](std::string const& key, core::Uuid const& uuid) {
    REQUIRE(world.database->commits()
                .keep({1, core::sha256(key), core::sha256("asked"), world.now_us, "indicator--" + core::to_text(uuid)})
                .has_value());
  };
  auto const answer = [&](std::string const& key) {
    return world.database->open_reader().value()->answers().find(1, core::sha256(key), world.now_us).value()->answer;
  };
  auto const sighted = core::random_uuid();
  world.take({world.version(1), world.other.log(world.origin, make_candidate(kPeer, sighted, 1, kGreen), {1})});
  auto sighting = make_candidate(1, core::random_uuid(), 1, kGreen);
  sighting.type = "sighting";
  sighting.said_of = {"indicator--" + core::to_text(sighted)};
  world.commit({sighting, make_candidate(1, world.uuid, 1, kGreen)});
  keep("sighting", sighted);
  keep("own", world.uuid);
  CHECK(world.say(Effect::erase, {0, 1}, kSaid).erased == 2);
  CHECK(answer("sighting").empty());
  CHECK_FALSE(answer("own").empty());
}

TEST_CASE("an entry that was recalled before it came is published by the restore, where it would have been",
          "[store][control]") {
  World world;
  auto const object = world.version(1, {1, 2});
  CHECK(world.say(Effect::suppress, {0}, kSaid).ended == 0);
  CHECK(world.take({object}).front().kind == store::Verdict::Kind::store);
  CHECK((world.published().empty() && world.published(2).empty()));
  auto const restored = world.say(Effect::restore, {0}, kSaid + 3'600);
  CHECK((restored.restored == 1 && restored.change.new_corners.size() == 2));  // nothing of its class was there before
  CHECK((world.published() == Instants{1} && world.published(2) == Instants{1}));
}

TEST_CASE("where nothing was before a restore, it is told of before anybody can read it", "[store][control]") {
  World world;
  auto const object = world.version(1, {1, 2});
  world.say(Effect::suppress, {0}, kSaid);
  world.take({object});
  std::size_t corners = 0;
  bool readable = true;
  world.rules = test::real_rules({[&](store::CommitOutcome const& outcome) {
                                    corners = outcome.new_corners.size();
                                    readable = !world.published().empty() || !world.published(2).empty();
                                  },
                                  [] {}});
  world.say(Effect::restore, {0}, kSaid + 3'600);
  CHECK(corners == 2);
  CHECK_FALSE(readable);
  CHECK((world.published() == Instants{1} && world.published(2) == Instants{1}));
}

TEST_CASE("an entry that was recalled when it would have been read is read once it is restored", "[store][control]") {
  World world;
  auto const first = world.version(1), second = world.version(2);
  world.say(Effect::suppress, {0}, kSaid);
  world.take({second});  // the other was closed
  REQUIRE(world.followed().data.applied == 2);
  world.say(Effect::restore, {0}, kSaid + 3'600);
  CHECK(world.followed().data.applied == 0);
  world.read = 0;
  world.take({first, second});
  CHECK(world.published() == Instants{2, 1});
  world.say(Effect::suppress, {0}, kSaid + 7'200);
  world.say(Effect::restore, {0}, kSaid + 10'800);
  CHECK(world.followed().data.applied == 2);  // it is here
}

TEST_CASE("an entry that was erased or withdrawn before it came is not taken, or shown to nobody", "[store][control]") {
  World world;
  std::vector const objects{world.version(1), world.version(2)};
  world.say(Effect::erase, {0}, kSaid);
  world.say(Effect::withdraw, {1}, kSaid);
  auto const fates = world.take(objects);
  CHECK(fates[0].kind == store::Verdict::Kind::refuse);
  CHECK(fates[1].kind == store::Verdict::Kind::store);
  CHECK(world.published().empty());
  world.begin_again();
  CHECK(world.take(objects)[1].kind == store::Verdict::Kind::unchanged);
  CHECK(world.published().empty());
}

TEST_CASE("entries of a control log are applied once, in order, and no more than were verified", "[store][control]") {
  World world;
  CHECK(world.apply(1, 2).error().code == core::Code::conflict);
  CHECK(world.apply(0, 2).has_value());
  CHECK(world.apply(0, 2).error().code == core::Code::conflict);
  CHECK(world.apply(2, 101).error().code == core::Code::conflict);
  CHECK(world.apply(2, 100).has_value());
  CHECK(world.followed().control.applied == 100);
}
