#include "server/stream/match_entry.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
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
  if (out.bytes <= store::kLongIndicator) out.pattern = object.at("pattern").get<std::string>();
  return out;
}

match::Entry entry(std::string const& kind, std::string const& pattern) {
  auto const object = indicator(kind, pattern);
  auto const one = listed(object);
  return match_entry(one, 0, needs_bytes(one) ? object.dump() : "");
}

std::size_t keys(std::string const& kind, std::string const& pattern) { return entry(kind, pattern).keys.size(); }

bool is_partly(std::string const& kind, std::string const& pattern) { return entry(kind, pattern).partly; }

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

TEST_CASE("a pattern that is found by all that it holds of is looked up wholly", "[stream][match]") {
  std::string const agent = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'";
  CHECK_FALSE(is_partly("ip-range", "[ipv4-addr:value ISSUBSET '192.0.2.0/24' OR ipv6-addr:value = '2001:db8::1']"));
  CHECK_FALSE(is_partly("ip-range", "[ipv4-addr:value = '192.0.2.1'] OR [ipv4-addr:value = '192.0.2.2']"));
  CHECK_FALSE(is_partly("ip-range", "[ipv4-addr:value = '192.0.2.1' AND autonomous-system:number != 64500]"));
  CHECK_FALSE(is_partly("proxy-asn", "[autonomous-system:number IN (64500, 64501)]"));
  CHECK_FALSE(is_partly("tls-fingerprint", "[tls-fingerprint:algorithm = 'ja3' AND tls-fingerprint:value = '" +
                                               std::string(32, 'a') + "']"));
  CHECK_FALSE(is_partly("keyed-identifier", "[keyed-identifier:kind = 'payment' AND keyed-identifier:value = 'aa']"));
  CHECK_FALSE(is_partly("account-pattern",
                        "[user-account:account_type = 'llm-api' AND "
                        "user-account:extensions.'a'.email_domain = 'mail.example']"));
  CHECK_FALSE(is_partly("prompt-template", "[prompt-template:template_sha256 = '" + std::string(64, 'a') + "']"));
  CHECK_FALSE(is_partly("user-agent", "[" + agent + " = 'harvester/1 100%']"));
  CHECK_FALSE(is_partly("user-agent", "[" + agent + " LIKE 'harvester']"));
  CHECK_FALSE(is_partly("user-agent", "[" + agent + " LIKE 'x/_']"));
  CHECK_FALSE(is_partly("user-agent", "[" + agent + " = 'a' OR " + agent + " LIKE 'b%']"));
  CHECK_FALSE(is_partly("proxy-domain", "[domain-name:value LIKE '%.proxy.example']"));
  CHECK(keys("user-agent", "[" + agent + " = 'harvester/1 100%']") == 1);
}

TEST_CASE("a pattern that holds of more than what it is found by is looked up partly", "[stream][match]") {
  std::string const agent = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'";
  CHECK(is_partly("user-agent", "[" + agent + " NOT LIKE 'x/_']"));
  CHECK(is_partly("user-agent", "[" + agent + " = 'a' OR domain-name:value LIKE 'b%']"));
  CHECK(is_partly("user-agent", "[" + agent + " MATCHES 'a.*']"));
  CHECK(is_partly("ip-range", "[ipv4-addr:value = '192.0.2.1' OR autonomous-system:number = 64500]"));
  CHECK(is_partly("ip-range", "[ipv4-addr:value = '192.0.2.1'] OR [domain-name:value = 'proxy.example']"));
  CHECK(is_partly("ip-range", "[ipv4-addr:value != '192.0.2.1']"));
  CHECK(is_partly("ip-range", "[ipv4-addr:value IN ('192.0.2.1', 'nowhere')]"));
  CHECK(is_partly("account-pattern", "[user-account:extensions.'a'.email_domain LIKE '%.example']"));
  CHECK(is_partly("account-pattern", "[user-account:extensions.'a'.signup_locale = 'a.b']"));
  CHECK(is_partly("keyed-identifier", "[keyed-identifier:value = 'aa']"));
  CHECK(is_partly("keyed-identifier",
                  "[(keyed-identifier:kind = 'payment' AND keyed-identifier:value = 'aa') OR "
                  "keyed-identifier:kind = 'device']"));
  CHECK(is_partly("prompt-template", "[prompt-template:template_sha256 = '" + std::string(64, 'a') +
                                         "' OR domain-name:value = 'a.example']"));
}

TEST_CASE("what wants more than one observation is found by no item", "[stream][match]") {
  std::string const one = "[ipv4-addr:value = '192.0.2.1']", other = "[ipv4-addr:value = '192.0.2.2']";
  for (auto const& pattern : {one + " AND " + other, one + " FOLLOWEDBY " + other, one + " REPEATS 2 TIMES",
                              "(" + one + " OR " + other + ") REPEATS 2 TIMES"})
    CHECK(is_partly("ip-range", pattern));
  CHECK_FALSE(is_partly("ip-range", one + " REPEATS 1 TIMES"));
}

TEST_CASE("the pattern of a long indicator is read from its bytes", "[stream][match]") {
  auto const object =
      indicator("proxy-domain", "[domain-name:value = 'proxy.example' OR domain-name:value MATCHES 'a']");
  auto one = listed(object);
  CHECK_FALSE(needs_bytes(one));
  one.pattern.reset();
  CHECK(needs_bytes(one));
  auto const entry = match_entry(one, 0, object.dump());
  CHECK(entry.keys.size() == 1);
  CHECK(entry.partly);
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
