// What a store can tell of whether an origin shows all that it has for us.
#include <sqlite3.h>

#include "schema/core/digest.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;
using World = test::DeliveryWorld;
using store::Completeness;

namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr core::Uuid kToken{7};

// An origin's log of one numbering, of which some entries are shown.
struct Numbered {
  World world;
  core::Uuid token = kToken;
  log::Head now{};
  std::vector<store::NumberedEntry> shown;

  void entry(bool show = true) {
    auto const index = world.other.size();
    world.other.withhold();
    auto const leaf = core::sha256(std::to_string(index));
    now = {now.count + 1, index, log::roll(now.rolling, leaf)};
    if (show) shown.push_back({index, token, now.count, leaf, std::nullopt, "shows it"});
  }
  void head() { head(now); }
  void head(log::Head const& said) {
    auto const index = world.other.size();
    world.other.withhold();
    shown.push_back({index, token, said.count, {}, said, "shows it"});
  }
  // Of another numbering.
  void other(core::Uuid const& of, std::uint64_t number, std::optional<log::Head> const& said = std::nullopt) {
    auto const index = world.other.size();
    world.other.withhold();
    shown.push_back({index, of, number, core::sha256(std::to_string(index)), said, "shows it"});
  }
  void take(core::Uuid terms = World::kTerms) {
    world.verify();
    store::Delivery const delivery{
        {world.origin, world.read, world.other.size(), terms, {}}, {}, std::exchange(shown, {})};
    REQUIRE(world.database->commits().deliver(delivery, world.rules, world.now_us).has_value());
    world.read = world.other.size();
  }
  void heard_at(std::int64_t us) {
    auto log = world.followed().data;
    log.verified_us = us;
    REQUIRE(world.database->origins().verified(world.origin, store::LogName::data, log, "").has_value());
  }
  // Its control log declares that entries before this one were lost.
  void lose(std::uint64_t before) {
    auto& database = *world.database;
    REQUIRE(database.origins()
                .verified(world.origin, store::LogName::control, {1, 0, "", "", 1}, std::string(32, 'c'))
                .has_value());
    store::ControlDelivery delivery{world.origin, world.other.name(), 0, 1, {}, world.now_us};
    delivery.entries.push_back({0, "loss", store::ControlDelivery::Effect::none, {}, 0, "", before});
    REQUIRE(database.recalls().apply(delivery, store::CommitListener()).has_value());
  }
  Completeness later() {
    world.now_us += 2 * kMinuteUs;
    return world.database->origins().completeness(world.origin, world.now_us).value();
  }
  void run(std::string const& sql) {
    world.database.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((world.folder / "db").c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    world.reopen();
  }
  void erased(std::uint64_t index, std::uint64_t count = 1) {
    run("WITH RECURSIVE i(i) AS (VALUES (" + std::to_string(index) + ") UNION ALL SELECT i + 1 FROM i LIMIT " +
        std::to_string(count) + ") INSERT INTO origin_recalls SELECT " + std::to_string(world.origin) +
        ", i, 3, 1 FROM i");
  }
};

}  // namespace

TEST_CASE("an origin that shows every number, with heads that fit, is complete, also after a restart",
          "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.take();
  CHECK(origin.later() == Completeness{});  // no head says yet that all is for us
  origin.world.reopen();
  origin.entry();
  origin.head();
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1});
  origin.entry();
  origin.head();
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1});
}

TEST_CASE("a number that is kept from us is told when a head shows that it was for us", "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.entry(false);
  origin.entry();
  origin.take();
  CHECK(origin.later() == Completeness{});  // perhaps we are shown only some of them
  origin.head();
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1, .gaps = 1});
  SECTION("once") {
    origin.entry();
    origin.head();
    origin.take();
    CHECK(origin.later().flaws() == 1);
  }
  SECTION("unless it was erased, which the control log may say later") {
    origin.erased(1);
    CHECK(origin.later() == Completeness{.numberings = 1});
  }
  SECTION("and another entry's being erased explains nothing") {
    origin.erased(0);
    CHECK(origin.later().gaps == 1);
  }
  SECTION("unless it is open when the log is read again") {
    origin.world.begin_again();
    CHECK(origin.later() == Completeness{});
    log::Head again{};
    for (std::uint64_t i = 0; i < 3; ++i) {
      auto const leaf = core::sha256(std::to_string(i));
      again = {i + 1, i, log::roll(again.rolling, leaf)};
      origin.shown.push_back({i, kToken, i + 1, leaf, std::nullopt, "shows it"});
    }
    origin.shown.push_back({3, kToken, 3, {}, again, "shows it"});
    origin.take({6});
    CHECK(origin.later() == Completeness{.numberings = 1});
  }
}

TEST_CASE("gaps that are explained, or of what is not for us, take no place from what is withheld",
          "[store][completeness]") {
  Numbered origin;
  for (std::uint64_t i = 0; i < 2 * store::kMostFlaws; ++i) origin.other({8}, 2 * i + 2);
  origin.head({1, 0, {}});
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1, .gaps = 1});
  for (std::uint64_t i = 0; i < 2 * store::kMostFlaws; ++i) {
    origin.entry(false);
    origin.entry();
  }
  origin.head();
  origin.take();
  CHECK(origin.later().gaps == store::kMostFlaws);
  origin.erased(0, origin.now.last + 1);
  CHECK(origin.later() == Completeness{.numberings = 1});
  origin.entry(false);
  origin.head();
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1, .gaps = 1});
}

TEST_CASE("where much is missing, much that was erased explains it, and little does not", "[store][completeness]") {
  Numbered origin;
  for (int i = 0; i < 1'000; ++i) origin.entry(false);
  origin.head();
  origin.take();
  origin.erased(0, 99);
  CHECK(origin.later().gaps == 1);
  origin.erased(500);
  CHECK(origin.later().gaps == 0);
}

TEST_CASE("an origin with numberings beyond number has as many followed as are allowed", "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.head();
  origin.take();
  origin.run("WITH RECURSIVE i(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM i LIMIT " +
             std::to_string(store::kMostNumberings - 2) + ") INSERT INTO origin_numberings SELECT " +
             std::to_string(origin.world.origin) + ", randomblob(16), 1, 0, NULL, 0, 1, NULL FROM i");
  for (std::uint8_t const first : {std::uint8_t{8}, std::uint8_t{9}}) {
    origin.other({first}, 1);
    origin.other({first}, 1, log::Head{1, origin.world.other.size() - 1, {}});
  }
  origin.take();
  CHECK(origin.later().numberings == store::kMostNumberings);
}

TEST_CASE("a gap waits a minute for the control log to explain it", "[store][completeness]") {
  Numbered origin;
  origin.entry(false);
  origin.head();
  origin.take();
  auto const at = [&](std::int64_t us) {
    return origin.world.database->origins().completeness(origin.world.origin, us);
  };
  CHECK(at(origin.world.now_us + kMinuteUs)->gaps == 0);
  CHECK(at(origin.world.now_us + kMinuteUs + 1)->gaps == 1);
}

TEST_CASE("a number given twice, another hash and another count are told, and stay", "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.entry();
  origin.shown.back().number = 1;
  origin.take();
  CHECK(origin.later() == Completeness{.duplicates = 1});
  origin.head({1, 0, core::sha256("other")});
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1, .duplicates = 1, .hashes = 1});
  origin.head({1, 3, core::sha256("other")});
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1, .duplicates = 1, .hashes = 1, .counts = 1});
  origin.world.begin_again();
  CHECK(origin.later().flaws() == 3);
}

TEST_CASE("a head that does not come is told while the origin goes on", "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.head();
  origin.entry();
  origin.take();
  origin.heard_at(origin.world.now_us + kMinuteUs);
  CHECK(origin.later().overdue == 0);  // it was silent since
  origin.heard_at(origin.world.now_us + 1);
  CHECK(origin.later().overdue == 1);
  origin.head();
  origin.take();
  CHECK(origin.later() == Completeness{.numberings = 1});
}

TEST_CASE("nobody waits for heads of numberings from before a loss that the control log declares",
          "[store][completeness]") {
  Numbered origin;
  origin.entry();
  origin.head();
  origin.entry();
  origin.take();
  auto const size = origin.world.other.size();
  origin.heard_at(origin.world.now_us + kMinuteUs + 1);
  REQUIRE(origin.later().overdue == 1);
  SECTION("where it goes on behind them") {
    auto const lost = size + 3;
    while (origin.world.other.size() < lost) origin.world.other.withhold();
    origin.take();
    origin.heard_at(origin.world.now_us + kMinuteUs + 1);
    REQUIRE(origin.later().overdue == 1);
    origin.lose(lost);
    CHECK(origin.later() == Completeness{.numberings = 1});
    origin.token = {8};
    origin.now = {};
    origin.entry();
    origin.head();
    origin.take();
    CHECK(origin.later() == Completeness{.numberings = 2});
    origin.entry();
    origin.take();
    origin.heard_at(origin.world.now_us + kMinuteUs + 1);
    CHECK(origin.later().overdue == 1);
  }
  SECTION("and a loss behind all that was verified excuses nothing") {
    origin.lose(size + 1);
    CHECK(origin.later().overdue == 1);
  }
}
