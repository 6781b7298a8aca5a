// What every store destroys when its time has come, whatever the database.
#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include "schema/kinds/kinds.hpp"
#include "server/base/config.hpp"
#include "server/ledger/retention.hpp"
#include "tests/contract/indicator_world.hpp"

using namespace tocsin;
using Role = store::ClaimPart::Role;

namespace {

constexpr std::int64_t kNow = 1'000;
std::string const kKey = std::string("ip-range") + '\0' + "v";

// Of the ip-range that the key is of.
store::Candidate ending(core::Uuid const& uuid, std::optional<std::int64_t> valid_until_us,
                        std::int64_t modified_ns = 10, store::RowId asserter = 1) {
  auto out = test::naming(uuid, {kKey}, modified_ns, test::kGreen, asserter);
  out.searchable->valid_until_us = valid_until_us;
  return out;
}

store::Candidate shared_until(core::Uuid const& uuid, std::optional<std::int64_t> share_until_us,
                              std::int64_t modified_ns = 10, store::RowId asserter = 1) {
  auto out = ending(uuid, {}, modified_ns, asserter);
  out.searchable->share_until_us = share_until_us;
  return out;
}

store::Candidate part(Role role, std::string const& value, core::Uuid const& indicator, store::Candidate candidate) {
  candidate.claim = store::ClaimPart{role, {"ip-range", core::sha256(value)}, indicator, 10, std::nullopt};
  return candidate;
}

store::Candidate observable(core::Uuid const& uuid) {
  auto out = test::make_candidate(1, uuid, 0, test::kGreen, "ipv4-addr");
  out.unversioned = true;
  return out;
}

struct World : test::IndicatorWorld {
  std::vector<std::vector<std::uint64_t>> said;  // leaves, by entry of the control log

  store::Destroyed destroy(std::vector<store::RetentionRule> const& rules, std::size_t most = 64) {
    return database->control()
        .destroy(rules, {most, std::chrono::steady_clock::now() + std::chrono::hours(1)},
                 [this](auto const& leaves) -> core::Result<store::ControlEntry> {
                   said.push_back(leaves);
                   return store::ControlEntry();
                 })
        .value();
  }
  store::Destroyed destroy_shared(std::size_t most = 64) { return destroy({{"", kNow}}, most); }

  bool has(core::Uuid const& uuid, std::string const& type = "indicator", store::RowId asserter = 1) {
    return database->open_reader().value()->retractions().stored(asserter, type, uuid).value().has_value();
  }
  std::vector<store::Due> due(std::vector<store::RetentionRule> const& rules) {
    return database->open_reader().value()->retention().due(rules).value();
  }
};

}  // namespace

TEST_CASE("what was shared until a moment is destroyed from then on, with all its versions", "[store][retention]") {
  World world;
  auto const over = core::random_uuid(), later = core::random_uuid(), good = core::random_uuid();
  world.commit({shared_until(over, kNow), shared_until(later, kNow + 1), shared_until(good, {})});
  world.commit({shared_until(over, {}, 20)});  // says no more until when
  CHECK(world.due({{"", kNow}}).front().versions == 1);
  CHECK(world.due({{"", kNow}}).front().oldest_us == kNow);
  auto const destroyed = world.destroy_shared();
  CHECK(destroyed.complete);
  CHECK(destroyed.indicators == std::map<std::string, std::size_t>{{"", 1}});
  CHECK(destroyed.erased.versions == 2);
  CHECK(world.said == std::vector<std::vector<std::uint64_t>>{{0, 3}});
  CHECK_FALSE(world.has(over));
  CHECK(world.has(later));
  CHECK(world.has(good));
  CHECK(world.count(world.query({kinds::every_key()})) == 2);
  CHECK(world.destroy_shared().indicators.empty());
  CHECK(world.said.size() == 1);  // nothing was said of nothing
  CHECK(world.due({{"", kNow}}).front().versions == 0);
}

TEST_CASE("of a kind that is not kept goes whatever ended, and only by what its newest version says",
          "[store][retention]") {
  World world;
  auto const over = core::random_uuid(), longer = core::random_uuid(), good = core::random_uuid(),
             revoked = core::random_uuid(), shortened = core::random_uuid();
  world.commit({ending(over, kNow), ending(longer, kNow), ending(good, {}), ending(shortened, kNow + 9, 20)});
  world.commit({ending(longer, kNow + 1, 20), ending(shortened, kNow, 10)});  // the last comes late, and is older
  auto end = ending(revoked, kNow + 50, 30'000);
  end.revoked = end.searchable->revoked = true;  // at 30 microseconds
  world.commit({end});
  CHECK(world.destroy({{"", kNow}, {"proxy-asn", kNow}, {"no-such-kind", kNow}}).indicators.empty());
  std::vector<store::RetentionRule> const rules{{"ip-range", kNow}};
  CHECK(world.due(rules).front().versions == 2);
  CHECK(world.due(rules).front().oldest_us == 30);
  CHECK(world.destroy(rules).indicators == std::map<std::string, std::size_t>{{"ip-range", 2}});
  CHECK_FALSE(world.has(over));
  CHECK_FALSE(world.has(revoked));
  for (auto const& uuid : {longer, good, shortened}) CHECK(world.has(uuid));
}

TEST_CASE("a backlog is destroyed in parts, and each is said in one entry", "[store][retention]") {
  World world;
  std::vector<store::Candidate> many;
  for (int i = 0; i < 10; ++i) many.push_back(shared_until(core::random_uuid(), i));
  world.commit(many);
  auto const first = world.destroy_shared(4);
  CHECK_FALSE(first.complete);
  CHECK(first.erased.versions == 4);
  CHECK(world.said.back() == std::vector<std::uint64_t>{0, 1, 2, 3});  // due longest
  CHECK_FALSE(world.destroy_shared(4).complete);
  CHECK(world.destroy_shared(4).complete);
  CHECK(world.count(world.query({kinds::every_key()})) == 0);
  auto const late = world.database->control().destroy(
      std::array{store::RetentionRule{"", kNow}}, {64, std::chrono::steady_clock::time_point::min()},
      [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); });
  CHECK(late->complete);
}

TEST_CASE("when nothing can be said of it nothing is destroyed", "[store][retention]") {
  World world;
  auto const over = core::random_uuid();
  world.commit({shared_until(over, kNow)});
  auto const failed = world.database->control().destroy(
      std::array{store::RetentionRule{"", kNow}}, {64, std::chrono::steady_clock::now()},
      [](auto const&) -> core::Result<store::ControlEntry> { return core::fail(core::Code::io_failed, "No key."); });
  REQUIRE_FALSE(failed.has_value());
  CHECK(world.has(over));
  CHECK(world.destroy_shared().erased.versions == 1);
}

TEST_CASE("what the short form stored with an indicator goes with it, unless another one has it too",
          "[store][retention]") {
  World world;
  auto const over = core::random_uuid(), other = core::random_uuid(), own = core::random_uuid(),
             common = core::random_uuid(), leads = core::random_uuid(), to_common = core::random_uuid();
  auto const relationship = [&](core::Uuid const& uuid) {
    return test::make_candidate(1, uuid, 10, test::kGreen, "relationship");
  };
  world.commit({part(Role::indicator, "a", over, shared_until(over, kNow)),
                part(Role::observable, "a", over, observable(own)),
                part(Role::relationship, "a", over, relationship(leads))});
  world.commit({part(Role::observable, "a", over, observable(common)),
                part(Role::relationship, "a", over, relationship(to_common))});  // the former ones become bonds
  world.commit({part(Role::indicator, "b", other, shared_until(other, {})),
                part(Role::observable, "b", other, observable(common))});
  auto const destroyed = world.destroy_shared();
  CHECK(destroyed.erased.versions == 4);
  CHECK_FALSE(world.has(over));
  CHECK_FALSE(world.has(own, "ipv4-addr"));
  CHECK_FALSE(world.has(leads, "relationship"));
  CHECK_FALSE(world.has(to_common, "relationship"));
  CHECK(world.has(common, "ipv4-addr"));
  CHECK(world.has(other));
}

TEST_CASE("the same id of another organisation stays", "[store][retention]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({shared_until(uuid, kNow), shared_until(uuid, {}, 10, 2)});
  CHECK(world.destroy_shared().erased.versions == 1);
  CHECK_FALSE(world.has(uuid));
  CHECK(world.has(uuid, "indicator", 2));
}

TEST_CASE("what was erased is due no more", "[store][retention]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({shared_until(uuid, kNow)});
  REQUIRE(world.database->control()
              .erase({1, "indicator", uuid},
                     [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); })
              .has_value());
  CHECK(world.due({{"", kNow}}).front().versions == 0);
  CHECK(world.destroy_shared().indicators.empty());
}

TEST_CASE("the rules of a time are those of the kinds that are not kept for good", "[ledger][retention]") {
  constexpr std::int64_t kDay = 86'400'000'000;
  std::vector<ledger::RetentionPeriod> const periods{{"canary", 0}, {"ip-range", 2}};
  auto const rules = ledger::rules_at(periods, 10 * kDay);
  REQUIRE(rules.size() == 2);
  CHECK((rules[0].kind == "" && rules[0].until_us == 10 * kDay));
  CHECK((rules[1].kind == "ip-range" && rules[1].until_us == 8 * kDay));
  std::vector<store::Due> const due{{"", 1, 9 * kDay}, {"ip-range", 1, 5 * kDay}};
  CHECK(ledger::overdue_us(rules, due) == 3 * kDay);
  CHECK(ledger::overdue_us(rules, std::vector<store::Due>{{"", 0, {}}, {"ip-range", 0, {}}}) == 0);
}

TEST_CASE("the configuration has a key for each kind of indicator, with the days that the kind says",
          "[base][kinds][retention]") {
  auto const manual = base::config_manual();
  for (auto const* kind : kinds::kinds()) {
    std::string key(kind->name);
    std::ranges::replace(key, '-', '_');
    auto const row = "\n| `" + key + "_d` | integer | `" + std::to_string(kind->retention_days) + "` | from 0 to ";
    CHECK(manual.contains(row) == kind->makes_indicator());
  }
}
