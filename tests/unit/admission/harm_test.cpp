// The cases of tests/cases/harm, and what no case can say: figures, places, remedies.
#include "server/admission/harm/harm.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::harm::AllowLists;
using admission::harm::Findings;
using admission::harm::Surroundings;
using nlohmann::json;

namespace {

kinds::Native native_of(json item) {
  auto reading = kinds::read_native(std::move(item));
  if (!reading) FAIL(reading.error().front().detail);
  REQUIRE(reading->items.size() == 1);
  return reading->items[0];
}

std::shared_ptr<AllowLists const> lists_of(json const& lists) {
  std::vector<store::AllowList> out;
  for (auto const& list : lists) {
    auto const word = list.at("kind").get<std::string>();
    auto const kind = word == "ranges"          ? store::AllowKind::ranges
                      : word == "domains"       ? store::AllowKind::domains
                      : word == "organisations" ? store::AllowKind::organisations
                      : word == "prompts"       ? store::AllowKind::prompts
                                                : store::AllowKind::mail;
    store::AllowList one{list.at("name").get<std::string>(), kind};
    for (auto const& entry : list.at("entries"))
      one.entries.push_back(admission::harm::entry_text(kind, entry.get<std::string>()).value());
    out.push_back(std::move(one));
  }
  return std::make_shared<AllowLists const>(out);
}

std::shared_ptr<access::Coverage const> owned(std::string const& text) {
  if (text.starts_with("AS"))
    return std::make_shared<access::Coverage const>(
        std::vector<access::Network>{},
        std::vector<access::AsNumber>{static_cast<std::uint32_t>(std::stoul(text.substr(2)))});
  return std::make_shared<access::Coverage const>(std::vector{access::Network::parse(text).value()},
                                                  std::vector<access::AsNumber>{});
}

Surroundings around(json const& entry) {
  Surroundings out;
  out.bounds.documentation = entry.value("demo", false);
  out.lists = lists_of(entry.value("lists", json::array()));
  for (auto const& range : entry.value("others", json::array())) out.others.push_back(owned(range.get<std::string>()));
  return out;
}

Findings findings_of(json const& item, Surroundings const& surroundings = {}) {
  return admission::harm::findings(native_of(item), surroundings);
}

std::vector<std::string> codes(Findings const& found) {
  std::vector<std::string> out;
  for (auto const& one : found) out.emplace_back(core::row(one.code).code);
  std::ranges::sort(out);
  return out;
}

core::Error only(Findings const& found) {
  REQUIRE(found.size() == 1);
  return found.front();
}

json indicator(std::string const& kind, std::string const& pattern) {
  return {{"type", "indicator"},
          {"pattern", pattern},
          {"pattern_type", "stix"},
          {"extensions",
           {{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa",
             {{"extension_type", "property-extension"}, {"indicator_kind", kind}}}}}};
}

}  // namespace

TEST_CASE("every case of tests/cases/harm has the findings that it says, with pointers and remedies",
          "[admission][harm]") {
  std::size_t count = 0;
  for (auto const& file : std::filesystem::directory_iterator("tests/cases/harm")) {
    std::ifstream in(file.path());
    for (auto const& entry : json::parse(in)) {
      if (!entry.contains("item")) continue;  // of objects: harm_objects_test.cpp, references_test.cpp
      INFO(file.path().string() << ": " << entry.at("name").get<std::string>());
      auto const found = findings_of(entry.at("item"), around(entry));
      CHECK(codes(found) == entry.at("codes").get<std::vector<std::string>>());
      for (auto const& one : found) {
        CHECK(one.pointer.starts_with('/'));
        CHECK_NOTHROW(native_of(entry.at("item")).document().at(json::json_pointer(one.pointer)));
        CHECK((one.detail.ends_with('.') && one.remedy.ends_with('.')));
        if (auto const value = entry.at("item").value("value", std::string()); value.size() > 2)
          CHECK(one.detail.find(value) == std::string::npos);
      }
      ++count;
    }
  }
  CHECK(count > 100);
}

TEST_CASE("what is too wide is told in addresses, with the limit", "[admission][harm]") {
  auto const wide = only(findings_of({{"kind", "ip-range"}, {"value", "8.0.0.0/8"}}));
  CHECK(wide.detail ==
        "16,777,216 addresses of IPv4 are too many for one indicator: the widest is a /12, with 1,048,576.");
  auto const six = only(findings_of({{"kind", "ip-range"}, {"value", "2a00::/20"}}));
  CHECK(six.detail == "2^108 addresses of IPv6 are too many for one indicator: the widest is a /24, with 2^104.");
}

TEST_CASE("the blast radius is told in addresses of the list that they are on", "[admission][harm]") {
  Surroundings surroundings;
  surroundings.lists = lists_of(
      json::parse(R"([{"name":"cloud","kind":"ranges","entries":["9.9.9.0/25","9.9.10.0/24","9.9.10.7","AS7"]}])"));
  CHECK(only(findings_of({{"kind", "ip-range"}, {"value", "9.9.8.0/21"}}, surroundings)).detail ==
        "The allow list `cloud` has 384 of its 2,048 addresses: innocent users would be hit.");
  CHECK(only(findings_of({{"kind", "ip-range"}, {"value", "9.9.10.9"}}, surroundings)).detail ==
        "The allow list `cloud` has 1 of its 1 address: innocent users would be hit.");
  CHECK(only(findings_of({{"kind", "proxy-asn"}, {"value", "AS7"}}, surroundings)).detail ==
        "The allow list `cloud` has 1 of its 1 autonomous system: innocent users would be hit.");
}

TEST_CASE("of what another member owns nothing is told but that it is protected", "[admission][harm]") {
  Surroundings surroundings;
  surroundings.others = {owned("9.9.9.0/24"), owned("9.9.9.128/25")};
  auto const found = only(findings_of({{"kind", "ip-range"}, {"value", "9.9.9.128/25"}}, surroundings));
  CHECK(found.detail == "It overlaps a protected range.");
}

TEST_CASE("an indicator that came as STIX is judged by its pattern", "[admission][harm]") {
  Surroundings surroundings;
  surroundings.lists = lists_of(json::parse(R"([{"name":"names","kind":"domains","entries":["shop.net"]}])"));
  auto const of = [&](std::string const& pattern, std::string const& kind = "ip-range") {
    return codes(admission::harm::findings(indicator(kind, pattern), kind, surroundings));
  };
  using Codes = std::vector<std::string>;
  CHECK(of("[ipv4-addr:value = '9.9.9.9']").empty());
  CHECK(of("[ipv4-addr:value IN ('9.9.9.9', '10.0.0.1')]") == Codes{"value-reserved"});
  CHECK(of("[ipv4-addr:value ISSUBSET '9.0.0.0/8' OR autonomous-system:number = 0]") ==
        Codes{"value-reserved", "value-too-broad"});
  CHECK(of("[ipv4-addr:value != '9.9.9.9']") == Codes{"value-too-broad"});
  CHECK(of("[ipv4-addr:value NOT ISSUBSET '9.9.9.0/24']") == Codes{"value-too-broad"});
  CHECK(of("[ipv4-addr:value MATCHES '.*']") == Codes{"value-too-broad"});
  CHECK(of("[ipv4-addr:value ISSUBSET '9.9.9.0/24' AND ipv4-addr:value != '9.9.9.9']").empty());
  CHECK(of("[domain-name:value LIKE '%.shop.net']", "proxy-domain") == Codes{"value-allow-listed"});
  CHECK(of("[domain-name:value LIKE '.shop.net']", "proxy-domain") == Codes{"value-allow-listed"});
  CHECK(of("[domain-name:value LIKE '%.net']", "proxy-domain") == Codes{"value-allow-listed", "value-too-broad"});
  CHECK(of("[domain-name:value LIKE 'shop.%']", "proxy-domain") == Codes{"value-too-broad"});
  std::string const agent =
      "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'Mozilla/5.0%'";
  CHECK(of("[" + agent + "]", "user-agent") == Codes{"value-too-broad"});
  CHECK(of("[ipv4-addr:value = '9.9.9.9'] AND [" + agent + "]").empty());
  CHECK(of("[ipv4-addr:value = '9.9.9.9'] AND [" + agent + "]", "user-agent") == Codes{"value-too-broad"});
}

TEST_CASE("every branch of an OR is judged, and a kind names what it covers", "[admission][harm]") {
  auto const of = [&](std::string const& pattern, std::string const& kind = "ip-range") {
    return codes(admission::harm::findings(indicator(kind, pattern), kind, {}));
  };
  using Codes = std::vector<std::string>;
  std::string const one = "ipv4-addr:value = '9.9.9.9'";
  CHECK(of("[" + one + " OR ipv4-addr:value = '9.9.9.8']").empty());
  CHECK(of("[" + one + "] OR [ipv4-addr:value MATCHES '.*']") == Codes{"value-too-broad"});
  CHECK(of("[" + one + " OR ipv4-addr:value != '9.9.9.8']") == Codes{"value-too-broad"});
  CHECK(of("[" + one + " OR network-traffic:src_port > 0]") == Codes{"value-too-broad"});
  CHECK(of("[" + one + "] AND [network-traffic:src_port > 0]").empty());
  CHECK(of("[" + one + " OR x-thing:number = 0]") == Codes{"value-too-broad"});
  CHECK(of("[" + one + " OR autonomous-system:name = 'AS0']") == Codes{"value-too-broad"});
  CHECK(of("[network-traffic:src_ref.value ISSUBSET '0.0.0.0/0']") == Codes{"value-too-broad"});
  CHECK(of("[user-account:account_type = 'llm-api']", "account-pattern") == Codes{"value-too-broad"});
  std::string const agent =
      "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'Mozilla/5.0%'";
  CHECK(of("[" + one + "] OR [" + agent + "]") == Codes{"value-too-broad"});
}

TEST_CASE("a value of another type than its property has is none", "[admission][harm]") {
  auto const of = [&](std::string const& pattern, std::string const& kind) {
    return codes(admission::harm::findings(indicator(kind, pattern), kind, {}));
  };
  using Codes = std::vector<std::string>;
  CHECK(of("[autonomous-system:number = 'AS0']", "proxy-asn") == Codes{"value-too-broad"});
  CHECK(of("[domain-name:value = 64496]", "proxy-domain") == Codes{"value-too-broad"});
  CHECK(of("[autonomous-system:number = -1]", "proxy-asn") == Codes{"value-too-broad"});
  CHECK(of("[autonomous-system:number = 4294967296]", "proxy-asn") == Codes{"value-too-broad"});
  CHECK(of("[autonomous-system:number = 4294967295]", "proxy-asn") == Codes{"value-reserved"});
}

TEST_CASE("texts of an indicator that came as STIX are read, those of the extension too", "[admission][harm]") {
  auto object = indicator("ip-range", "[ipv4-addr:value = '9.9.9.9']");
  object["name"] = "joe@mail.example";
  object["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"]["collateral_note"] =
      "sk-proj-0123456789abcdefghij";
  auto const found = admission::harm::findings(object, "ip-range", {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].pointer == "/name");
  CHECK(found[1].pointer == "/extensions/extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa/collateral_note");
}

TEST_CASE("what is reserved is told once, however much of it there is", "[admission][harm]") {
  auto const of = [&](std::string const& pattern, std::string const& kind) {
    return codes(admission::harm::findings(indicator(kind, pattern), kind, {}));
  };
  using Codes = std::vector<std::string>;
  CHECK(of("[ipv4-addr:value IN ('10.0.0.1', '9.9.9.9', '192.168.0.1')]", "ip-range") == Codes{"value-reserved"});
  CHECK(of("[autonomous-system:number IN (0, 64512)]", "proxy-asn") == Codes{"value-reserved"});
  CHECK(of("[domain-name:value IN ('a.local', 'b.test')]", "proxy-domain") == Codes{"value-reserved"});
}

TEST_CASE("of user agents that are as common the first is told", "[admission][harm]") {
  std::string const header = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'";
  std::string const whole = header + " = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'";
  std::string const part = header + " LIKE 'Mozilla/5.0 (X11; Linux%'";
  auto const of = [&](std::string const& pattern) {
    return codes(admission::harm::findings(indicator("user-agent", pattern), "user-agent", {}));
  };
  using Codes = std::vector<std::string>;
  CHECK(of("[" + whole + " OR " + part + "]") == Codes{"value-common"});
  CHECK(of("[" + part + " OR " + whole + "]") == Codes{"value-too-broad"});
}

TEST_CASE("LIKE without a wildcard takes what = takes, and _ takes one character more", "[admission][harm]") {
  auto const of = [](std::string const& text) {
    auto const pattern =
        "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE '" + text + "']";
    return codes(admission::harm::findings(indicator("user-agent", pattern), "user-agent", {}));
  };
  CHECK(of("curl/8.1.2") == std::vector<std::string>{"value-common"});
  CHECK(of("cur_/8.1.2") == std::vector<std::string>{"value-common"});
  CHECK(of("curl/8.1.2_").empty());
}

TEST_CASE("what an account is not narrows down what else it is", "[admission][harm]") {
  auto const pattern = "[user-account:account_type != 'staff' AND user-account:display_name LIKE 'bot-%']";
  CHECK(admission::harm::findings(indicator("account-pattern", pattern), "account-pattern", {}).empty());
}

TEST_CASE("no branch of an OR takes all accounts of a type, or accounts where the kind is of something else",
          "[admission][harm]") {
  auto const of = [&](std::string const& pattern, std::string const& kind) {
    return codes(admission::harm::findings(indicator(kind, pattern), kind, {}));
  };
  using Codes = std::vector<std::string>;
  std::string const type = "user-account:account_type = 'llm-api'", trait = "user-account:display_name = 'bot-7'";
  std::string const mail =
      "user-account:extensions.'extension-definition--5b39b55f-3cba-4822-8b32-7adeb83efaf2'.email_domain = 'a.net'";
  CHECK(of("[" + type + " OR " + mail + "]", "account-pattern") == Codes{"value-too-broad"});
  CHECK(of("[" + type + "] OR [" + mail + "]", "account-pattern") == Codes{"value-too-broad"});
  CHECK(of("[" + type + " AND (" + type + " OR " + mail + ")]", "account-pattern") == Codes{"value-too-broad"});
  CHECK(of("[" + type + " AND " + mail + "]", "account-pattern").empty());
  CHECK(of("[" + type + " AND (" + trait + " OR " + mail + ")]", "account-pattern").empty());
  CHECK(of("[" + type + "] AND [" + trait + " OR " + mail + "]", "account-pattern").empty());
  CHECK(of("[ipv4-addr:value = '9.9.9.9' OR " + trait + "]", "ip-range") == Codes{"value-too-broad"});
  CHECK(of("[ipv4-addr:value = '9.9.9.9'] AND [" + trait + "]", "ip-range").empty());
}

TEST_CASE("an analyst's reason lets through what may hit the innocent, and nothing that is wrong in itself",
          "[admission][harm]") {
  using enum core::Code;
  for (auto const code : {value_allow_listed, value_protected, value_common, personal_data_in_text, organisation_named,
                          marking_below_member})
    CHECK(admission::harm::may_be_overridden(code));
  for (auto const code : {value_too_broad, value_reserved, secret_in_text, marking_below_floor, reference_unseen,
                          attribution_unsupported})
    CHECK_FALSE(admission::harm::may_be_overridden(code));
}
