#include "schema/kinds/decay.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/lifetime.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/timestamp.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
std::int64_t const kModified = stix::Timestamp::parse("2026-01-01T00:00:00.000Z")->microseconds();

json indicator(std::string const& kind, std::string const& pattern, json facts = json::object()) {
  facts["indicator_kind"] = kind;
  return {{"type", "indicator"},
          {"pattern", pattern},
          {"pattern_type", "stix"},
          {"confidence", 80},
          {"modified", "2026-01-01T00:00:00.000Z"},
          {"valid_from", "2025-12-01T00:00:00Z"},
          {"extensions", {{std::string(kinds::kIndicatorExtension), std::move(facts)}}}};
}

json domain(json facts = json::object()) {
  return indicator("proxy-domain", "[domain-name:value = 'proxy.example']", std::move(facts));
}

std::optional<std::int64_t> left(json const& object, std::int64_t days) {
  return kinds::confidence_now(object, kinds::values_of(object), kModified + kinds::days(days) * kSecond);
}

}  // namespace

TEST_CASE("with each half-life of its kind half of the confidence is left", "[kinds][decay]") {
  CHECK(left(domain(), 0) == 80);
  CHECK(left(domain(), 45) == 40);
  CHECK(left(domain(), 90) == 20);
  CHECK(left(domain(), 4'000) == 0);
  CHECK(left(domain(), 20) == 59);
}

TEST_CASE("an address is forgotten sooner than a network, and what is planted is not", "[kinds][decay]") {
  CHECK(left(indicator("ip-range", "[ipv4-addr:value = '198.51.100.7']"), 3) == 40);
  CHECK(left(indicator("ip-range", "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"), 14) == 40);
  CHECK(left(indicator("ip-range", "[ipv4-addr:value IN ('198.51.100.7', '203.0.113.0/24')]"), 3) == 40);
  CHECK(left(indicator("canary", "[llm-canary:commitment = 'aa']"), 4'000) == 80);
  CHECK(left(indicator("of-another-server", "[file:name = 'x']"), 4'000) == 80);
}

TEST_CASE("what was seen or began later is as sure as it was then, and nobody has seen what is to come",
          "[kinds][decay]") {
  CHECK(left(domain({{"last_activity", "2026-01-31T00:00:00Z"}}), 30 + 45) == 40);
  CHECK(left(domain({{"last_activity", "2025-06-01T00:00:00Z"}}), 45) == 40);
  CHECK(left(domain({{"last_activity", "2027-01-01T00:00:00Z"}}), 45) == 40);
  auto later = domain();
  later["valid_from"] = "2026-01-31T00:00:00Z";
  CHECK(left(later, 10) == 80);
  CHECK(left(later, 30 + 45) == 40);
}

TEST_CASE("nothing is left of what is revoked or over, and what states none has none", "[kinds][decay]") {
  auto one = domain();
  one["valid_until"] = "2026-01-02T00:00:00Z";
  CHECK(left(one, 0) == 80);
  CHECK(left(one, 1) == 0);
  auto revoked = domain();
  revoked["revoked"] = true;
  CHECK(left(revoked, 0) == 0);
  auto unsure = domain();
  unsure.erase("confidence");
  CHECK_FALSE(left(unsure, 0).has_value());
}

TEST_CASE("every kind of indicator says how its confidence decays", "[kinds][decay]") {
  for (auto const* kind : kinds::kinds()) CHECK((kind->half_life != nullptr) == kind->makes_indicator());
}
