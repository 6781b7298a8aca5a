// A peer that is not there but for its keys: what its control log says is applied whole and in order, or not at all.
#include "server/federation/control_applier.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <numeric>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/control.hpp"
#include "schema/log/hash.hpp"
#include "schema/log/manifest.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using Effect = store::ControlDelivery::Effect;

constexpr std::int64_t kSecond = 1'000'000, kNow = 1'790'000'000 * kSecond;

struct FixedClock final : base::Clock {
  [[nodiscard]] std::int64_t now_us() const override { return kNow + passed_us; }
  std::int64_t passed_us = 0;
};

// Keeps what it is given.
struct Recalls final : store::RecallStore {
  core::Result<store::Recalled> recall(store::RecallOrder const&, store::ControlStore::EntryFor const&,
                                       store::CommitListener const&) override {
    return core::fail(Code::internal, "Nothing is recalled here.");
  }
  core::Result<void> keep(store::Receipt const&) override { return {}; }
  core::Result<void> keep(store::SaidOfDependents const&) override { return {}; }
  core::Result<store::AppliedControl> apply(store::ControlDelivery const& delivery,
                                            store::CommitListener const& listener) override {
    told = &listener;
    if (failing || deliveries.size() == most) return core::fail(Code::storage_full, "There is no room.");
    deliveries.push_back(delivery);
    return store::AppliedControl{};
  }
  bool failing = false;
  std::size_t most = SIZE_MAX;
  std::vector<store::ControlDelivery> deliveries;
  store::CommitListener const* told = nullptr;  // of the latest
};

// Leaves of a data log; nothing else is asked of it.
struct Leaves final : store::OriginStore {
  core::Result<std::vector<store::Origin>> origins() override { return std::vector<store::Origin>(); }
  core::Result<std::optional<store::Origin>> origin(std::string const&) override { return std::nullopt; }
  core::Result<store::RowId> follow(std::string const&) override { return 0; }
  core::Result<void> verified(store::RowId, store::LogName, store::OriginLog const&, std::string_view) override {
    return {};
  }
  core::Result<void> begin_again(store::RowId) override { return {}; }
  core::Result<store::Completeness> completeness(store::RowId, std::int64_t) override { return store::Completeness(); }
  core::Result<std::vector<core::Salt>> opened_heads(store::RowId, std::size_t) override { return {}; }
  core::Result<std::vector<store::HeadVerdict>> compare_heads(store::RowId,
                                                              std::vector<store::ShownHead> const&) override {
    return {};
  }
  core::Result<std::string> hashes(store::RowId, store::LogName, std::uint64_t first, std::uint64_t count) override {
    read += count;
    return joined.substr(first * 32, count * 32);
  }
  std::string joined;
  std::uint64_t read = 0;  // hashes
};

struct Wire final : Transport {
  core::Result<PeerAnswer> get(std::string const&, std::size_t, std::chrono::milliseconds) override {
    return core::fail(Code::unavailable, "");
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const& type, std::string const& body,
                                std::size_t, std::chrono::milliseconds) override {
    posted.push_back(target + " " + type + " " + body);
    return PeerAnswer{status, ""};
  }
  void stop() override {}
  std::string relay() const override { return through; }
  int status = 204;
  std::string through;
  std::vector<std::string> posted;
};

class World {
  test::Folder folder_;

 public:
  World() {
    REQUIRE(store::migrate_sqlite(folder_ / "db").has_value());
    database = store::open_sqlite({folder_ / "db", 8, 8}).value();
    REQUIRE(registry.reload(database->accounts()).has_value());
    peering = std::make_unique<Peering>(database->peers(), database->accounts(), registry, Own{});
    store::Peer row;
    row.name = "other";
    row.root = other.root().text();
    row.origin = other.manifest().origin();
    row.manifest = other.note();
    row.version = other.manifest().version;
    row.state = store::PeerState::active;
    store::PeerInvitation const invitation{core::random_uuid(), core::Digest{1}, INT64_MAX, false};
    REQUIRE(database->peers().add(row, {other.manifest().tls_pins, INT64_MAX}, invitation, kNow).has_value());
    REQUIRE(peering->load().has_value());
    origin.row = 3;
    origin.name = other.manifest().origin();
    grow(5);
    applier = std::make_unique<ControlApplier>(
        ApplierWorld{recalls, announced, trees, *peering, clock, log, [](std::function<void()> const& job) { job(); },
                     [this](store::AppliedControl const&) { ++changes; },
                     [this] { return log::SignerKey::parse(applied.text()); }, [] { return 0.5; }});
  }

  void grow(std::size_t size) {
    while (roots.size() < size) {
      core::Digest const leaf{static_cast<std::uint8_t>(roots.size())};
      range.append(leaf);
      roots.push_back(range.root());
      leaves.joined.append(core::view(leaf));
    }
    origin.data.size = size;
  }

  // An entry that says something of the log when it had `size` entries.
  log::OpenedEntry entry(std::string const& op, std::string body, std::uint64_t size) const {
    log::OpenedEntry out;
    auto const root = size == 0 ? log::empty_root() : size <= roots.size() ? roots[size - 1] : core::Digest{9};
    out.header = log::ControlHeader{op, {origin.name, size, root}}.text();
    out.body = std::move(body);
    return out;
  }
  log::OpenedEntry recall(std::uint64_t index, std::uint64_t size) const {
    auto const& key = other.log_key();
    return entry(
        "recall",
        log::sign_recall({key.verifier(), {index}, log::RecallAction::suppress, log::RecallReason::wrong, 9, 9}, key)
            ->format(),
        size);
  }
  log::OpenedEntry erasure(std::uint64_t count) const {
    std::vector<std::uint64_t> indices(count);
    std::iota(indices.begin(), indices.end(), 0);
    return entry("erase", log::sign_erasure(std::move(indices), other.log_key(), 9)->format(), 3);
  }
  log::Openings openings(std::uint64_t from, std::vector<log::OpenedEntry> entries) const {
    log::Openings out{log::control_origin(origin.name), {}, from, from + entries.size(), std::move(entries)};
    for (std::size_t i = 0; i < out.entries.size(); ++i) out.entries[i].index = from + i;
    return out;
  }
  std::string checkpoint(std::uint64_t size) const {
    auto const key = other.log_key().named(log::control_origin(origin.name)).value();
    return log::sign_checkpoint({key.verifier().name(), size, core::Digest{7}}, key)->format();
  }
  std::optional<Code> apply(log::Openings const& what) {
    auto const done = applier->apply(origin, what);
    return done ? std::nullopt : std::optional(done.error().code);
  }

  test::OtherInstance other{"b.example"};
  log::SignerKey applied =
      log::SignerKey::make(log::applied_name("a.example/log"), log::KeyType::cosignature, log::SigningKey::generate())
          .value();
  std::unique_ptr<store::Database> database;
  access::Registry registry;
  std::unique_ptr<Peering> peering;
  FixedClock clock;
  base::Log log{-1};
  Recalls recalls;
  store::CommitListener const announced;
  Leaves leaves;
  OriginTrees trees{leaves, [](std::function<void()> const& job) { job(); }};
  log::CompactRange range;
  std::vector<core::Digest> roots;
  store::Origin origin;
  int changes = 0;
  std::unique_ptr<ControlApplier> applier;
};

TEST_CASE("entries of a control log are handed on in order and in one piece", "[federation][control]") {
  World world;
  REQUIRE(world.apply(world.openings(0, {world.recall(1, 3), world.recall(2, 5)})) == std::nullopt);
  REQUIRE(world.recalls.deliveries.size() == 1);
  auto const& delivery = world.recalls.deliveries.front();
  CHECK((delivery.origin == 3 && delivery.from == 0 && delivery.to == 2 && delivery.entries.size() == 2));
  CHECK(delivery.entries[1].indices == std::vector<std::uint64_t>{2});
  CHECK(world.changes == 1);
  CHECK(world.recalls.told == &world.announced);
  CHECK(world.apply(world.openings(2, {world.recall(3, 5)})) == std::nullopt);
}

TEST_CASE("an entry that is left out, out of order or of another log stops the peer", "[federation][control]") {
  World world;
  auto short_one = world.openings(0, {world.recall(1, 3), world.recall(2, 3)});
  short_one.entries.pop_back();
  CHECK(world.apply(short_one) == Code::openings_malformed);
  auto swapped = world.openings(0, {world.recall(1, 3), world.recall(2, 3)});
  std::swap(swapped.entries[0], swapped.entries[1]);
  CHECK(world.apply(swapped) == Code::openings_malformed);
  auto foreign = world.openings(0, {world.recall(1, 3)});
  foreign.origin = world.origin.name;
  CHECK(world.apply(foreign) == Code::openings_malformed);
  CHECK(world.apply(world.openings(0, {world.recall(1, 3), world.entry("recall", "nothing", 3)})) ==
        Code::openings_malformed);
  CHECK(world.recalls.deliveries.empty());
}

TEST_CASE("a control log that contradicts the data log is two logs", "[federation][control]") {
  World world;
  auto entry = world.recall(1, 3);
  entry.header = log::ControlHeader{"recall", {world.origin.name, 3, world.roots[3]}}.text();
  CHECK(world.apply(world.openings(0, {entry})) == Code::log_forked);
  CHECK(world.recalls.deliveries.empty());
  // What was not verified yet cannot be compared, nor does it hold anything up; an earlier size is compared again.
  CHECK(world.apply(world.openings(0, {world.recall(1, 8), world.recall(2, 5), world.recall(1, 2)})) == std::nullopt);
}

TEST_CASE("a control log that names sizes back and forth does not have the log read for each",
          "[federation][control]") {
  World world;
  world.grow(513);
  std::vector<log::OpenedEntry> entries;
  for (int i = 0; i < 100; ++i) entries.push_back(world.recall(1, i % 2 == 0 ? 513 : 2));
  REQUIRE(world.apply(world.openings(0, std::move(entries))) == std::nullopt);
  CHECK(world.leaves.read <= 513 + 100 * 2);  // all of them once, and the tile that a size ends in
  CHECK(world.recalls.deliveries.size() == 1);
}

TEST_CASE("a statement of very many targets is carried out in turns, and its entry is applied with the last",
          "[federation][control]") {
  World world;
  SECTION("all of it") {
    REQUIRE(world.apply(world.openings(0, {world.recall(1, 3), world.erasure(4'500), world.recall(2, 3)})) ==
            std::nullopt);
    auto const& turns = world.recalls.deliveries;
    REQUIRE(turns.size() >= 3);
    std::vector<std::uint64_t> erased;
    std::uint64_t cursor = 0;
    for (auto const& turn : turns) {
      std::size_t targets = 0;
      for (auto const& entry : turn.entries) {
        targets += 1 + entry.indices.size();
        if (entry.effect == Effect::erase) erased.insert(erased.end(), entry.indices.begin(), entry.indices.end());
      }
      CHECK(targets <= 2'000);
      CHECK((turn.from == std::exchange(cursor, turn.to) && (turn.to > 1) == (erased.size() == 4'500)));
    }
    CHECK(cursor == 3);
    CHECK((erased.size() == 4'500 && std::ranges::is_sorted(erased) && erased.back() == 4'499));
    CHECK(world.changes == 1);
  }
  SECTION("until there is no room") {
    world.recalls.most = 1;
    CHECK(world.apply(world.openings(0, {world.erasure(4'500)})) == Code::storage_full);
    CHECK(world.changes == 1);  // of what was done
  }
}

TEST_CASE("what cannot be stored is not applied, and is applied when it can", "[federation][control]") {
  World world;
  world.recalls.failing = true;
  CHECK(world.apply(world.openings(0, {world.recall(1, 3)})) == Code::storage_full);
  Wire wire;
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(1), wire).has_value());
  CHECK(wire.posted.empty());
  world.recalls.failing = false;
  CHECK(world.apply(world.openings(0, {world.recall(1, 3)})) == std::nullopt);
}

TEST_CASE("a receipt is sent for what was applied, once when it is taken", "[federation][control]") {
  World world;
  Wire wire;
  REQUIRE(world.apply(world.openings(0, {world.recall(1, 3)})) == std::nullopt);
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(2), wire).has_value());
  CHECK(wire.posted.empty());  // not all of it
  wire.status = 503;
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(1), wire).error().code == Code::unavailable);
  wire.status = 204;
  world.clock.passed_us = kSecond;
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(1), wire).has_value());
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(1), wire).has_value());
  REQUIRE(wire.posted.size() == 2);
  CHECK(wire.posted.back().starts_with("/log/control/receipts text/plain; charset=utf-8 b.example/log/control\n1\n"));
  CHECK(wire.posted.back().find(world.applied.verifier().name()) != std::string::npos);
}

TEST_CASE("a receipt that is not taken is sent again, more and more seldom, and a newer one at once",
          "[federation][control]") {
  World world;
  Wire wire;
  wire.status = GENERATE(202, 403, 503);
  REQUIRE(world.apply(world.openings(0, {world.recall(1, 3), world.recall(2, 3)})) == std::nullopt);
  auto const note = world.checkpoint(1);
  for (; world.clock.passed_us < 36'000 * kSecond; world.clock.passed_us += 10 * kSecond)
    CHECK(world.applier->acknowledge(world.origin, note, wire).has_value() == (wire.status == 202));
  CHECK(wire.posted.size() > 15);
  CHECK(wire.posted.size() < (wire.status == 403 ? 30 : 1'300));  // ten hours, each hour or each minute
  wire.status = 204;
  auto const before = wire.posted.size();
  CHECK(world.applier->acknowledge(world.origin, world.checkpoint(2), wire).has_value());
  CHECK(wire.posted.size() == before + 1);
}

TEST_CASE("what a relay says that it handed in is handed in again when its origin can be reached",
          "[federation][control][relays]") {
  World world;
  Wire wire;
  REQUIRE(world.apply(world.openings(0, {world.recall(1, 3)})) == std::nullopt);
  auto const posted_by = [&](std::string const& relay) {
    wire.through = relay;
    CHECK(world.applier->acknowledge(world.origin, world.checkpoint(1), wire).has_value());
    return wire.posted.size();
  };
  CHECK(posted_by("heron") == 1);
  CHECK(posted_by("heron") == 1);
  CHECK(posted_by("") == 2);
  CHECK(posted_by("") == 2);
  CHECK(posted_by("magpie") == 2);
}

TEST_CASE("of an instance that is no peer, nothing is applied", "[federation][control]") {
  World world;
  REQUIRE(world.peering->set_state("other", store::PeerState::removed, "gone", kNow).has_value());
  CHECK(world.apply(world.openings(0, {world.recall(1, 3)})) == Code::not_found);
}

}  // namespace
}  // namespace tocsin::federation
