// What a restored store takes back of its own logs, and how it goes on behind that.
#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/control.hpp"
#include "schema/log/header.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/verify.hpp"
#include "tests/contract/two_members.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using log::RecallAction;
using test::make_candidate;

namespace {

constexpr store::RowId kNetwork = 1;

struct World : test::TwoMembers {
  log::SignerKey root = key("test/root"), signer = key("test/log"), next = key("test/log");

  static log::SignerKey key(std::string const& name) {
    return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
  }

  void commit(core::Uuid const& of, std::int64_t modified_ns) {
    auto candidate = make_candidate(aurora, of, modified_ns, kGreen);
    candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
    std::vector<store::CommitPart> parts{{kNetwork, {&candidate, 1}, nullptr, true}};
    REQUIRE(database->commits().commit(parts, rules, kNow).has_value());
  }
  std::size_t shown() {
    store::PageQuery query;
    query.collection = kNetwork;
    query.window.visible.insert(1);
    query.limit = 100;
    query.versions.all = true;
    return database->open_reader().value()->page(query).value().count;
  }
  // What a peer is shown.
  std::vector<log::OpenedEntry> opened() {
    store::OpeningWindow window{{}, 1'000, {{kNetwork, "network"}}};
    for (auto const& row : database->accounts().classes().value()) window.classes.insert(row.row);
    return database->open_reader().value()->openings().data({0, 1'000, 1'000, 1 << 20}, window).value().entries;
  }
  log::Checkpoint data() {
    auto const read = ledger::read_root(*database->open_log().value()).value();
    return {"test/log", read.size, read.root};
  }
  // The data log as it will be with these leaves behind it.
  log::Checkpoint data(std::string const& beyond) {
    log::CompactRange range;
    auto const append = [&](std::string_view leaf) {
      range.append(*core::to_array<32>(leaf));
      return true;
    };
    REQUIRE(database->open_log().value()->visit_leaves(store::LogName::data, 0, append).has_value());
    for (std::size_t at = 0; at < beyond.size(); at += 32) append(std::string_view(beyond).substr(at, 32));
    return {"test/log", range.size(), range.root()};
  }
  store::ControlEntry loss(log::Checkpoint const& goes_on) {
    return ledger::control_entry("loss", goes_on, log::sign_loss({data(), next.verifier(), 9}, root).value());
  }
  store::ControlEntry recall(std::vector<std::uint64_t> indices, RecallAction action) {
    log::Recall const said{signer.verifier(), std::move(indices), action, log::RecallReason::wrong, 9, 8};
    return ledger::control_entry("recall", data(), log::sign_recall(said, signer).value());
  }
  store::TakenBack take_back(store::LogBeyond const& beyond) {
    return database->control().take_back(beyond, kNow).value();
  }
  std::vector<std::string> findings() {
    auto logs = database->open_log().value();
    auto out = ledger::verify_log(*logs, root.verifier()).value().findings;
    for (auto& finding : logs->integrity().value()) out.push_back(std::move(finding));
    return out;
  }
};

std::string leaves(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += core::view(core::sha256(std::to_string(i)));
  return out;
}

}  // namespace

TEST_CASE("the log goes on behind leaves whose entries are lost, and verifies", "[store][restore]") {
  World world;
  world.commit(world.uuid, 1);
  auto const goes_on = world.data(leaves(3));
  CHECK(world.take_back({leaves(3), {world.loss(goes_on)}}).lost == 3);
  CHECK(world.data() == goes_on);
  world.commit(world.uuid, 2);
  world.commit(core::random_uuid(), 3);
  CHECK(world.data().size == 6);
  CHECK(world.findings() == std::vector<std::string>{});
}

TEST_CASE("where entries were lost they are numbered anew, and peers find no gap and wait for no head",
          "[store][restore]") {
  World world;
  world.commit(world.uuid, 1);
  REQUIRE(world.database->commits().log_heads(world.rules).value() == 1);
  world.commit(core::random_uuid(), 2);
  world.take_back({leaves(3), {world.loss(world.data(leaves(3)))}});
  CHECK(world.database->commits().log_heads(world.rules).value() == 0);
  world.commit(world.uuid, 3);
  CHECK(world.database->commits().log_heads(world.rules).value() == 1);
  auto const entries = world.opened();
  REQUIRE(entries.size() == 5);
  std::vector<std::pair<std::uint64_t, bool>> numbers;  // and whether the token is that of the first
  for (auto const& entry : entries) {
    auto const header = log::Header::parse(entry.header).value();
    numbers.emplace_back(header.class_sequence,
                         header.class_token == log::Header::parse(entries.front().header)->class_token);
  }
  CHECK(numbers ==
        std::vector<std::pair<std::uint64_t, bool>>{{1, true}, {1, true}, {2, true}, {1, false}, {1, false}});
  CHECK(world.findings() == std::vector<std::string>{});
}

TEST_CASE("numbers go on where nothing was lost", "[store][restore]") {
  World world;
  world.commit(world.uuid, 1);
  world.take_back({"", {world.loss(world.data())}});
  world.commit(world.uuid, 2);
  CHECK(log::Header::parse(world.opened().back().header)->class_sequence == 2);
  CHECK(world.findings() == std::vector<std::string>{});
}

TEST_CASE("who loses entries twice verifies, also where the second loss begins before the first", "[store][restore]") {
  World world;
  world.commit(world.uuid, 1);
  auto const first = world.data();
  world.take_back({leaves(3), {world.loss(world.data(leaves(3)))}});
  auto const again = log::sign_loss({first, world.next.verifier(), 10}, world.root).value();
  auto const goes_on = world.data(leaves(2));
  world.take_back({leaves(2), {ledger::control_entry("loss", goes_on, again)}});
  world.commit(world.uuid, 2);
  CHECK(world.data().size == 7);
  CHECK(world.findings() == std::vector<std::string>{});
}

TEST_CASE("leaves without a version that nobody declared lost are told", "[store][restore]") {
  World world;
  world.commit(world.uuid, 1);
  world.take_back({leaves(1), {}});
  auto const found = world.findings();
  REQUIRE_FALSE(found.empty());
  CHECK(found.front() == "leaf 1 has no version, and was not declared lost");
}

TEST_CASE("what was recalled and erased after the backup is so again", "[store][restore]") {
  World world;
  auto const recalled = core::random_uuid(), erased = core::random_uuid(), back = core::random_uuid();
  for (auto const& one : {recalled, erased, back, world.uuid}) world.commit(one, 1);
  REQUIRE(world.shown() == 4);
  auto const erasure = ledger::control_entry("erase", world.data(), log::sign_erasure({1, 7}, world.signer, 9).value());
  auto const taken = world.take_back(
      {"",
       {world.recall({0}, RecallAction::withdraw), erasure, world.recall({2, 9}, RecallAction::suppress),
        world.recall({2, 9}, RecallAction::restore), world.loss(world.data())}});
  CHECK((taken.lost == 0 && taken.erased == 1 && taken.ended == 2 && taken.restored == 1));
  CHECK(world.shown() == 2);
  auto const told = world.database->open_reader().value()->recalls().recalls(world.aurora, 10).value();
  REQUIRE(told.size() == 3);
  CHECK((told.back().position == 0 && told.back().uuid == recalled && told.back().type == "indicator"));
  world.commit(world.uuid, 2);
  CHECK(world.shown() == 3);
}
