#include "server/match/item_observation.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "server/match/question.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::match;

namespace {

Item item_of(std::string const& text) {
  return parse_question(R"({"subject":)" + text + "}").value().items.front().item;
}

nlohmann::json indicator_of(std::string const& pattern, std::string const& kind) {
  return {{"type", "indicator"},
          {"pattern_type", "stix"},
          {"pattern", pattern},
          {"extensions", {{std::string(kinds::kIndicatorExtension), {{"indicator_kind", kind}}}}}};
}

bool meets(std::string const& item, std::string const& pattern) {
  auto const compiled = pattern_of(indicator_of(pattern, "ip-range"));
  return compiled && ItemObservation(item_of(item), 1'795'176'000'000'000).meets(*compiled);
}

// It was found by its prompt.
bool shows(std::string const& item, std::string const& pattern) {
  auto const indicator = indicator_of(pattern, "prompt-template");
  auto const compiled = pattern_of(indicator);
  return compiled && ItemObservation(item_of(item), 0).meets(*compiled, templates_of(indicator));
}

}  // namespace

TEST_CASE("an item is held against the whole of a pattern", "[match]") {
  std::string const address = R"({"ip":"203.0.113.7"})";
  CHECK(meets(address, "[ipv4-addr:value = '203.0.113.7']"));
  CHECK(meets(address, "[ipv4-addr:value ISSUBSET '203.0.113.0/24']"));
  CHECK_FALSE(meets(address, "[ipv4-addr:value ISSUBSET '203.0.113.0/29' AND ipv4-addr:value != '203.0.113.7']"));
  CHECK_FALSE(meets(address, "[ipv4-addr:value = '203.0.113.7'] AND [autonomous-system:number = 64500]"));
  CHECK(meets(R"({"ip":"2001:db8::7"})", "[ipv6-addr:value ISSUBSET '2001:db8::/32']"));
  CHECK(meets(R"({"asn":64500})", "[autonomous-system:number = 64500]"));
}

TEST_CASE("a pattern may be written in other spellings than items have", "[match]") {
  std::string const address = R"({"ip":"203.0.113.7"})";
  CHECK(meets(address, "[ipv4-addr:value = '203.0.113.0/24']"));
  CHECK(meets(address, "[ipv4-addr:value = '203.0.113.7/32']"));
  CHECK(meets(address, "[ipv6-addr:value = '::ffff:203.0.113.7']"));
  CHECK(meets(address, "[ipv4-addr:value IN ('203.0.113.6', '203.0.113.7')]"));
  CHECK_FALSE(meets(address, "[ipv4-addr:value = '203.0.113.8/29']"));
  CHECK_FALSE(meets(address, "[ipv4-addr:value != '203.0.113.7/32']"));
  CHECK(meets(R"({"ip":"2001:db8::7"})", "[ipv6-addr:value = '2001:DB8:0::7']"));
  CHECK(meets(R"({"domain":"a.proxy.example"})", "[domain-name:value = 'Proxy.Example.']"));
  CHECK(meets(R"({"identifiers":[{"kind":"payment","value":"ab"}]})",
              "[keyed-identifier:kind = 'payment' AND keyed-identifier:value = 'AB']"));
  CHECK_FALSE(meets(R"({"user_agent":"harvester/1"})",
                    "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Harvester/1']"));
}

TEST_CASE("a name stands for the domains above it, too", "[match]") {
  CHECK(meets(R"({"domain":"a.proxy.example"})", "[domain-name:value = 'proxy.example']"));
  CHECK_FALSE(meets(R"({"domain":"aproxy.example"})", "[domain-name:value = 'proxy.example']"));
}

TEST_CASE("what a client shows is compared in each of its forms", "[match]") {
  std::string const ja4 = R"({"ja4":"t13d1516h2_8daaf6152771_02713d6af862"})";
  CHECK(meets(ja4, "[tls-fingerprint:algorithm = 'ja4' AND tls-fingerprint:value = 't13d1516h2_*_02713d6af862']"));
  CHECK_FALSE(
      meets(ja4, "[tls-fingerprint:algorithm = 'ja3' AND tls-fingerprint:value = 't13d1516h2_*_02713d6af862']"));
  CHECK(meets(R"({"user_agent":"harvester/1"})",
              "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'harvester/%']"));
}

TEST_CASE("of an account only the domain of its mail is known, and no pattern holds that wants more", "[match]") {
  std::string const mail = R"({"email":"a@mail.example"})";
  std::string const trait = "user-account:extensions.'" + std::string(kinds::kAccountExtension) + "'.";
  CHECK(meets(mail, "[user-account:account_type = 'llm-api' AND " + trait + "email_domain = 'mail.example']"));
  CHECK_FALSE(meets(mail, "[" + trait + "email_domain = 'mail.example' AND " + trait + "provider = 'x']"));
}

TEST_CASE("a prompt shows the template by which it was found, and the rest of the pattern has to hold too", "[match]") {
  std::string const item = R"({"prompt":"x","asn":64500})", digest(64, 'a'),
                    pattern = "[prompt-template:template_sha256 = '" + digest + "']";
  CHECK(shows(item, pattern));
  CHECK_FALSE(meets(item, pattern));
  CHECK_FALSE(shows(item, pattern + " AND [autonomous-system:number = 64501]"));
  CHECK_FALSE(shows(item, "[prompt-template:template_sha256 = '" + digest + "' AND prompt-template:language = 'en']"));
}

TEST_CASE("what is no pattern of STIX holds of nothing", "[match]") {
  CHECK_FALSE(pattern_of({{"pattern_type", "snort"}, {"pattern", "alert"}}));
  CHECK_FALSE(pattern_of({{"pattern_type", "stix"}, {"pattern", "[nonsense"}}));
  CHECK_FALSE(pattern_of(nlohmann::json::object()));
}

TEST_CASE("an instant beyond what nanoseconds can say is the last of them", "[match]") {
  std::string const pattern =
      "[ipv4-addr:value = '203.0.113.7'] START t'2250-01-01T00:00:00Z' STOP t'9999-01-01T00:00:00Z'";
  CHECK(meets(R"({"ip":"203.0.113.7","at":"2255-01-01T00:00:00Z"})", pattern));
  CHECK_FALSE(meets(R"({"ip":"203.0.113.7","at":"2026-01-01T00:00:00Z"})", pattern));
  std::string const before =
      "[ipv4-addr:value = '203.0.113.7'] START t'1970-01-01T00:00:00Z' STOP t'2100-01-01T00:00:00Z'";
  for (auto const* year : {"0001", "2262", "2500", "2600", "2800", "3000", "9999"})
    CHECK_FALSE(meets(R"({"ip":"203.0.113.7","at":")" + std::string(year) + R"(-06-01T00:00:00Z"})", before));
}
