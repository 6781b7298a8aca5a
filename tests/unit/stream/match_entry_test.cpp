#include "server/stream/match_entry.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/shared_rows.hpp"
#include "schema/kinds/searching.hpp"
#include "server/stream/shown_numbers.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::stream;

namespace {

nlohmann::json indicator(std::string const& kind, std::string const& pattern) {
  return {{"type", "indicator"},
          {"pattern_type", "stix"},
          {"pattern", pattern},
          {"extensions", {{std::string(kinds::kIndicatorExtension), {{"indicator_kind", kind}}}}}};
}

// As the store lists it.
store::ListedIndicator listed(nlohmann::json const& object) {
  store::ListedIndicator out;
  out.keys = kinds::searchable(object).value().keys;
  out.bytes = static_cast<std::int64_t>(object.dump().size());
  return out;
}

match::Entry entry(std::string const& kind, std::string const& pattern) {
  auto const object = indicator(kind, pattern);
  auto const one = listed(object);
  return match_entry(one, 0, needs_bytes(one) ? object.dump() : "");
}

std::size_t keys(std::string const& kind, std::string const& pattern) { return entry(kind, pattern).keys.size(); }

store::Sight sight(std::vector<std::string> shown_kinds) {
  store::Sight out;
  out.collections = {1};
  out.window.visible.insert(7);
  out.window.kinds = std::move(shown_kinds);
  return out;
}

}  // namespace

TEST_CASE("every value of an indicator is found, however many and long they are", "[stream][match]") {
  std::string names = "'short.example'";
  for (int number = 0; number < 100; ++number) names += ", 'n" + std::to_string(number) + ".example'";
  CHECK(keys("proxy-domain", "[domain-name:value IN (" + names + ")]") == 101);
  std::string const longer = "'" + std::string(60, 'a') + ".proxy.example'";
  CHECK(keys("proxy-domain", "[domain-name:value IN ('short.example', " + longer + ")]") == 2);
}

TEST_CASE("each of several keyed identifiers is found", "[stream][match]") {
  auto const one = [](std::string const& kind, std::string const& value) {
    return "[keyed-identifier:kind = '" + kind + "' AND keyed-identifier:value = '" + value + "']";
  };
  auto const both = entry("keyed-identifier", one("payment", "aa") + " OR " + one("device", "bb")).keys;
  for (auto const& key : {match::parse_identifier("payment", "aa"), match::parse_identifier("device", "bb")})
    CHECK(std::ranges::find(both, key.value()) != both.end());
  CHECK(keys("keyed-identifier", "[keyed-identifier:kind = 'payment' AND keyed-identifier:value IN ('aa', 'bb')]") ==
        2);
  CHECK(keys("keyed-identifier", "[keyed-identifier:kind = 'payment' AND keyed-identifier:value != 'aa']") == 0);
}

TEST_CASE("what is too large is found by nothing, and its bytes are not read", "[stream][match]") {
  auto one = listed(indicator("proxy-domain", "[domain-name:value = 'proxy.example']"));
  one.bytes = (64 << 10) + 1;
  CHECK_FALSE(needs_bytes(one));
  CHECK(match_entry(one, 0, "").keys.empty());
}

TEST_CASE("who is shown some kinds is shown nothing of others", "[stream][match]") {
  ShownNumbers numbers;
  auto const number = numbers.number(1, 7, "proxy-asn"), other = numbers.number(1, 7, "user-agent");
  CHECK(numbers.number(1, 7, "proxy-asn") == number);
  auto const shows = [&](std::vector<std::string> kinds, std::uint32_t which) {
    return numbers.filter(sight(std::move(kinds))).visible.contains(which);
  };
  CHECK((shows({}, number) && shows({}, other)));
  CHECK((shows({"indicator"}, number) && shows({"indicator"}, other)));
  CHECK((shows({"proxy-asn"}, number) && !shows({"proxy-asn"}, other)));
  CHECK_FALSE(shows({"malware"}, number));
}
