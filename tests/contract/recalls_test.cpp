// What every store keeps of recalls that are made here, and of receipts of peers.
#include <optional>
#include <vector>

#include "schema/log/control.hpp"
#include "server/ledger/control.hpp"
#include "tests/contract/two_members.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using log::RecallAction;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen = test::TwoMembers::kGreen;
constexpr access::ClassFacts kRed{stix::Tlp::red, false};
constexpr std::int64_t kSecond = 1'000'000, kHour = 3'600 * kSecond, kSaid = 1'790'000'000 * kSecond;
constexpr store::RowId kNetwork = 1, kOther = 2;

struct World : test::TwoMembers {
  log::SignerKey key = log::SignerKey::make("test/log", log::KeyType::signature, log::SigningKey::generate()).value();
  std::vector<core::Uuid> companions;  // go and come with it
  log::RecallReason reason = log::RecallReason::wrong;

  store::RowId commit(std::int64_t modified_ns, access::ClassFacts const& facts = kGreen,
                      store::RowId collection = kNetwork) {
    return commit(uuid, modified_ns, facts, collection);
  }
  store::RowId commit(core::Uuid const& of, std::int64_t modified_ns, access::ClassFacts const& facts,
                      store::RowId collection) {
    auto const candidate = make_candidate(aurora, of, modified_ns, facts);
    std::vector<store::CommitPart> parts{{collection, {&candidate, 1}, nullptr, true}};
    return database->commits().commit(parts, rules, kNow).value().fates.front().front().version;
  }

  void revoke(std::int64_t modified_ns) {
    auto candidate = make_candidate(aurora, uuid, modified_ns, kGreen);
    candidate.revoked = true;
    std::vector<store::CommitPart> parts{{kNetwork, {&candidate, 1}, nullptr, true}};
    REQUIRE(database->commits().commit(parts, rules, kNow).has_value());
  }

  std::size_t shown(store::RowId collection = kNetwork) {
    store::PageQuery query;
    query.collection = collection;
    for (store::RowId row = 1; row <= 2; ++row) query.window.visible.insert(row);
    query.limit = 100;
    query.versions.all = true;
    return database->open_reader().value()->page(query).value().count;
  }

  core::Result<store::Recalled> recall(RecallAction action, std::int64_t now_us) {
    store::RecallOrder order{aurora, "indicator", uuid,   {{"indicator", uuid}},
                             action, reason,      now_us, now_us + 24 * kHour};
    for (auto const& companion : companions) order.objects.emplace_back("indicator", companion);
    auto const entry_for = [&](std::vector<std::uint64_t> const& leaves) {
      auto const now_s = static_cast<std::uint64_t>(now_us / kSecond);
      auto const note = log::sign_recall({key.verifier(), leaves, action, reason, now_s, now_s}, key);
      return core::Result<store::ControlEntry>(ledger::control_entry("recall", {"test/log", 100, {}}, *note));
    };
    return database->recalls().recall(order, entry_for, rules);
  }

  std::vector<store::MadeRecall> recalls(std::optional<store::RowId> asserter = std::nullopt) {
    return database->open_reader().value()->recalls().recalls(asserter, 10).value();
  }
  std::vector<store::Receipt> receipts(std::uint64_t position) {
    return database->open_reader().value()->recalls().receipts(position).value();
  }
};

}  // namespace

TEST_CASE("a recall ends every publication of every version, and a restore brings back what it ended",
          "[store][recalls]") {
  World world;
  world.commit(1);
  world.commit(2);
  world.commit(2, kGreen, kOther);
  REQUIRE(world.shown() == 2);
  auto const recalled = world.recall(RecallAction::suppress, kSaid).value();
  CHECK(recalled.made.leaves == 2);
  CHECK(recalled.change.collections == std::vector<store::RowId>{kNetwork, kOther});
  CHECK((world.shown() == 0 && world.shown(kOther) == 0));
  auto const restored = world.recall(RecallAction::restore, kSaid + kHour).value();
  CHECK(restored.made.leaves == 2);
  CHECK((world.shown() == 2 && world.shown(kOther) == 1));
  REQUIRE(world.recalls().size() == 2);
  CHECK(world.recalls().front().action == RecallAction::restore);
  CHECK(world.recalls(world.borealis).empty());
}

TEST_CASE("what no log has goes and comes with what it was stored with", "[store][recalls]") {
  World world;
  world.companions = {core::random_uuid()};
  world.commit(1);
  world.commit(world.companions.front(), 1, kRed, kOther);
  REQUIRE((world.shown() == 1 && world.shown(kOther) == 1));
  CHECK(world.recall(RecallAction::suppress, kSaid)->made.leaves == 1);
  CHECK((world.shown() == 0 && world.shown(kOther) == 0));
  REQUIRE(world.recall(RecallAction::restore, kSaid + kHour).has_value());
  CHECK((world.shown() == 1 && world.shown(kOther) == 1));
}

TEST_CASE("a version that was shared after a recall is not recalled, and stays the newest after a restore",
          "[store][recalls]") {
  World world;
  world.commit(1);
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  world.commit(2);
  CHECK(world.shown() == 1);
  REQUIRE(world.recall(RecallAction::restore, kSaid + kHour)->made.leaves == 1);
  CHECK(world.shown() == 2);
}

TEST_CASE("sending a version again does not bring back what is recalled", "[store][recalls]") {
  World world;
  auto const version = world.commit(1);
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  CHECK(world.commit(1) == version);
  CHECK(world.commit(1, kGreen, kOther) == version);
  CHECK((world.shown() == 0 && world.shown(kOther) == 0));
}

TEST_CASE("an object changes its state once an hour, and never to the state that it has", "[store][recalls]") {
  World world;
  world.commit(1);
  auto const refused = [&](RecallAction action, std::int64_t now_us) {
    return world.recall(action, now_us).error().code;
  };
  CHECK(refused(RecallAction::restore, kSaid) == core::Code::recall_invalid);
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  CHECK(refused(RecallAction::restore, kSaid + kHour - 1) == core::Code::recall_invalid);
  CHECK(refused(RecallAction::suppress, kSaid + kHour) == core::Code::recall_invalid);
  CHECK(world.recall(RecallAction::restore, kSaid + kHour).has_value());
  CHECK(world.recalls().size() == 2);
}

TEST_CASE("a withdrawal is for good, and leaves what says that the object is revoked", "[store][recalls]") {
  World world;
  world.commit(1);
  world.commit(2);
  world.revoke(3);
  auto const withdrawn = world.recall(RecallAction::withdraw, kSaid).value();
  CHECK(withdrawn.made.leaves == 2);
  CHECK(world.shown() == 1);
  CHECK(world.recall(RecallAction::restore, kSaid + kHour).error().code == core::Code::recall_invalid);
  CHECK(world.recall(RecallAction::withdraw, kSaid + kHour).error().code == core::Code::recall_invalid);
}

TEST_CASE("a withdrawal of what should not have been shared leaves nothing", "[store][recalls]") {
  World world;
  world.commit(1);
  world.revoke(2);
  world.reason = log::RecallReason::overshared;
  CHECK(world.recall(RecallAction::withdraw, kSaid)->made.leaves == 2);
  CHECK(world.shown() == 0);
}

TEST_CASE("what is suppressed is withdrawn an hour later, and nothing is remembered of where it stood",
          "[store][recalls]") {
  World world;
  auto const version = world.commit(1);
  auto const object = [&] {
    return world.database->open_reader().value()->retractions().stored(world.aurora, "indicator", world.uuid)->value();
  };
  auto const suppressed_in = [&] {
    return world.database->open_reader().value()->recalls().recallable(object())->suppressed_in;
  };
  CHECK(suppressed_in().empty());
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  CHECK(suppressed_in() == std::vector{kNetwork});
  CHECK(world.recall(RecallAction::withdraw, kSaid + kHour - 1).error().code == core::Code::recall_invalid);
  REQUIRE(world.recall(RecallAction::withdraw, kSaid + kHour).has_value());
  CHECK(suppressed_in().empty());
  CHECK(world.commit(1) == version);
}

TEST_CASE(
    "twenty recalled within an hour are alarming when they are more than a tenth, an object once in each collection",
    "[store][recalls]") {
  World world;
  auto const lately = [&](std::int64_t now_us) {
    return world.database->open_reader().value()->recalls().recalled_lately(now_us).value();
  };
  auto const others = [&](int count) {
    for (int i = 0; i < count; ++i) world.commit(core::random_uuid(), 1, kGreen, kNetwork);
  };
  world.commit(1);
  world.commit(2);
  for (int i = 0; i < 18; ++i) world.commit(world.companions.emplace_back(core::random_uuid()), 1, kGreen, kNetwork);
  CHECK(lately(kSaid).empty());
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  REQUIRE(lately(kSaid + 1).size() == 1);
  CHECK((lately(kSaid + 1).front().origin == 0 && lately(kSaid + 1).front().ended == 19));
  CHECK_FALSE(lately(kSaid + 1).front().alarming);  // all there is, and few
  REQUIRE(world.recall(RecallAction::restore, kSaid + kHour).has_value());
  CHECK(lately(kSaid + kHour).empty());
  world.commit(2, kGreen, kOther);
  REQUIRE(world.recall(RecallAction::suppress, kSaid + 2 * kHour).has_value());
  CHECK(lately(kSaid + 2 * kHour + 1).front().ended == 20);
  others(179);
  CHECK(lately(kSaid + 2 * kHour + 1).front().alarming);  // 20 of 199
  others(1);
  CHECK_FALSE(lately(kSaid + 2 * kHour + 1).front().alarming);  // 20 of 200
}

TEST_CASE("what was never logged, or is not there, is not recalled", "[store][recalls]") {
  World world;
  CHECK(world.recall(RecallAction::suppress, kSaid).error().code == core::Code::not_found);
  world.commit(1, kRed);
  CHECK(world.recall(RecallAction::suppress, kSaid).error().code == core::Code::recall_invalid);
  CHECK(world.recalls().empty());
}

TEST_CASE("what is erased is brought back by no restore, and its id is in no recall", "[store][recalls]") {
  World world;
  world.commit(1);
  REQUIRE(world.recall(RecallAction::suppress, kSaid).has_value());
  REQUIRE(world.database->control()
              .erase({world.aurora, "indicator", world.uuid},
                     [&](std::vector<std::uint64_t> const& leaves) {
                       return core::Result<store::ControlEntry>(ledger::control_entry(
                           "erase", {"test/log", 100, {}}, log::sign_erasure(leaves, world.key, 1).value()));
                     })
              .has_value());
  CHECK(world.recalls().front().uuid == core::Uuid{});
  CHECK(world.recall(RecallAction::restore, kSaid + kHour).error().code == core::Code::not_found);
}

TEST_CASE("of each peer the first receipt that covers an entry is told, and none goes back", "[store][recalls]") {
  World world;
  world.commit(1);
  auto const position = world.recall(RecallAction::suppress, kSaid)->made.position;
  auto const keep = [&](std::uint64_t size, std::string const& note, std::int64_t at) {
    REQUIRE(world.database->recalls().keep(store::Receipt{world.borealis, size, note, at}).has_value());
  };
  keep(position, "before", 1);
  CHECK(world.receipts(position).empty());
  keep(position + 1, "first", 2);
  keep(position + 5, "second", 3);
  keep(position + 3, "older", 4);
  keep(position + 9, "third", 5);
  REQUIRE(world.receipts(position).size() == 1);
  CHECK(world.receipts(position).front().note == "first");
  CHECK(world.receipts(position).front().received_us == 2);
  auto const newest = world.database->open_reader().value()->recalls().newest_receipts(position).value();
  CHECK((newest.size() == 1 && newest.front().note == "third" && newest.front().received_us == 5));
  // The one between was the first to cover no recall.
  CHECK(world.receipts(position + 1).front().note == "third");
  // What says nothing new is not in the trail either, or a peer could fill it.
  auto const entries = [&] { return world.database->open_reader().value()->audit().size().value(); };
  auto const before = entries();
  keep(position + 9, "again", 6);
  keep(position + 2, "older", 7);
  CHECK(entries() == before);
  keep(position + 10, "newer", 8);
  CHECK(entries() == before + 1);
}
