#include "server/feeds/selection.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/timestamp.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

constexpr char const* kId = "indicator--00000000-0000-4000-8000-000000000001";
std::int64_t const kNow = stix::Timestamp::parse("2026-06-01T00:00:00Z")->microseconds();

json indicator(std::string const& pattern, json facts = {{"suggested_action", "block"}},
               stix::Tlp level = stix::Tlp::green) {
  facts["extension_type"] = "property-extension";
  facts["indicator_kind"] = pattern.contains("autonomous") ? "proxy-asn" : "ip-range";
  return {{"type", "indicator"},
          {"id", kId},
          {"pattern", pattern},
          {"pattern_type", "stix"},
          {"modified", "2026-05-02T00:00:00.000Z"},
          {"valid_from", "2026-05-01T00:00:00.000Z"},
          {"valid_until", "2026-07-01T00:00:00.000Z"},
          {"object_marking_refs", {stix::tlp2_id(level)}},
          {"extensions", {{std::string(kinds::kIndicatorExtension), std::move(facts)}}}};
}

json of(std::string const& value, json facts = {{"suggested_action", "block"}}) {
  return indicator("[ipv4-addr:value " + std::string(value.contains('/') ? "ISSUBSET" : "=") + " '" + value + "']",
                   std::move(facts));
}

json observable(std::string const& value, json facts) {
  return {{"type", "ipv4-addr"},
          {"value", value},
          {"extensions", {{std::string(kinds::kProxyExtension), std::move(facts)}}}};
}

// One feed over some indicators.
struct Trial {
  char const* feed = "block-v4";
  std::vector<std::pair<std::string, std::string>> parameters{};
  std::vector<json> observables{};
  std::vector<store::Mute> mutes{};
  std::vector<access::Network> own{};
  std::size_t independent = 1;

  feeds::Selected over(std::vector<json> const& indicators) const {
    auto const& which = *feeds::find_feed(feed);
    auto const asked = feeds::parse_asked(which, parameters).value();
    catalog::Mutes const muted(mutes);
    access::Coverage const owned(own, {});
    feeds::Circumstances const circumstances{kNow, muted, owned, 12, 24};
    feeds::Selection selection(which, asked, circumstances);
    for (auto const& one : indicators)
      if (auto const fact = feeds::fact_of(one)) selection.take({}, *fact, independent);
    for (auto const& one : observables) selection.learn(one);
    return selection.finish();
  }
  // "in", the reason, or "passed over".
  std::string fate(json const& one) const {
    auto const out = over({one});
    if (!out.entries.empty()) return "in";
    return out.excluded.empty() ? "passed over" : std::string(out.excluded.begin()->first);
  }
};

Trial block(std::vector<json> observables, char const* include = nullptr) {
  Trial out;
  out.observables = std::move(observables);
  if (include != nullptr) out.parameters = {{"include", include}};
  return out;
}

}  // namespace

TEST_CASE("A feed has what suggests as much as its intent", "[feeds][selection]") {
  for (auto const& [action, fate] : std::vector<std::pair<char const*, char const*>>{
           {"block", "in"}, {"rate-limit", "action"}, {"observe", "action"}, {"nothing of ours", "action"}})
    CHECK(Trial{}.fate(of("198.51.100.7", {{"suggested_action", action}})) == fate);
  CHECK(Trial{}.fate(of("198.51.100.7", json::object())) == "action");
  CHECK(Trial{.feed = "rate-limit-v4"}.fate(of("198.51.100.7")) == "in");
  CHECK(Trial{.feed = "challenge-v4"}.fate(of("198.51.100.7", {{"suggested_action", "verify"}})) == "in");
  CHECK(Trial{.feed = "observe-v4"}.fate(of("198.51.100.7", json::object())) == "in");
}

TEST_CASE("A block feed leaves out who would be hit innocently, unless that is wanted", "[feeds][selection]") {
  for (auto const* collateral : {"medium", "high"}) {
    auto const one = of("198.51.100.7", {{"suggested_action", "block"}, {"collateral_level", collateral}});
    CHECK(Trial{}.fate(one) == "collateral");
    CHECK(block({}, "collateral").fate(one) == "in");
    CHECK(Trial{.feed = "rate-limit-v4"}.fate(one) == "in");
  }
  CHECK(Trial{}.fate(of("198.51.100.7", {{"suggested_action", "block"}, {"collateral_level", "low"}})) == "in");
  auto const shared = observable("198.51.100.0/24", {{"proxy_class", "vpn"}, {"shared_egress", true}});
  CHECK(block({shared}).fate(of("198.51.100.7")) == "shared-egress");
  CHECK(block({shared}, "shared-egress").fate(of("198.51.100.7")) == "in");
  for (auto const* proxy_class : {"cgnat", "mobile"}) {
    auto const said = observable("198.51.100.7", {{"proxy_class", proxy_class}});
    CHECK(block({said}).fate(of("198.51.100.7")) == proxy_class);
    CHECK(block({said}, proxy_class).fate(of("198.51.100.7")) == "in");
  }
  auto const homes = observable("198.51.100.0/25", {{"proxy_class", "residential"}});
  CHECK(block({homes}).fate(of("198.51.100.0/25")) == "residential");
  CHECK(block({homes}).fate(of("198.51.100.7")) == "in");
  CHECK(block({homes}, "residential").fate(of("198.51.100.0/25")) == "in");
}

TEST_CASE("What does not hold now is in no feed, and is no exclusion", "[feeds][selection]") {
  auto one = of("198.51.100.7");
  one["revoked"] = true;
  CHECK(Trial{}.fate(one) == "passed over");
  one = of("198.51.100.7");
  one["valid_until"] = "2026-05-31T00:00:00.000Z";
  CHECK(Trial{}.fate(one) == "passed over");
  one["valid_from"] = "2026-06-02T00:00:00.000Z";
  one["valid_until"] = "2026-07-01T00:00:00.000Z";
  CHECK(Trial{}.fate(one) == "passed over");
  one = of("198.51.100.7", {{"suggested_action", "block"}, {"share_until", "2026-05-31T00:00:00.000Z"}});
  CHECK(Trial{}.fate(one) == "passed over");
}

TEST_CASE("Families are apart", "[feeds][selection]") {
  CHECK(Trial{.feed = "block-v6"}.fate(of("198.51.100.7")) == "passed over");
  CHECK(Trial{.feed = "block-v6"}.fate(indicator("[ipv6-addr:value = '2001:db8::7']")) == "in");
  auto const asn = indicator("[autonomous-system:number = 64500]");
  CHECK(Trial{.feed = "block-asn"}.fate(asn) == "in");
  CHECK(Trial{.feed = "block-v4"}.fate(asn) == "passed over");
}

TEST_CASE("What is RED, marked in parts or not at all is in no feed", "[feeds][selection]") {
  auto const at = [](stix::Tlp level) {
    return indicator("[ipv4-addr:value = '198.51.100.7']", {{"suggested_action", "block"}}, level);
  };
  CHECK(Trial{.feed = "observe-v4"}.fate(at(stix::Tlp::red)) == "level");
  CHECK(Trial{}.fate(at(stix::Tlp::amber_strict)) == "in");
  CHECK(Trial{.parameters = {{"max_tlp", "green"}}}.fate(at(stix::Tlp::amber)) == "level");
  auto unmarked = of("198.51.100.7");
  unmarked.erase("object_marking_refs");
  CHECK(Trial{}.fate(unmarked) == "level");
  auto in_parts = of("198.51.100.7");
  in_parts["granular_markings"] = {{{"marking_ref", stix::tlp2_id(stix::Tlp::red)}, {"selectors", {"pattern"}}}};
  CHECK(Trial{}.fate(in_parts) == "level");
}

TEST_CASE("A pattern that wants more than the value is in no feed", "[feeds][selection]") {
  for (auto const* pattern : {"[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'x.example']",
                              "[ipv4-addr:value = '198.51.100.7'] AND [domain-name:value = 'x.example']",
                              "[ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value = '198.51.100.8']",
                              "[ipv4-addr:value = '198.51.100.7'] REPEATS 5 TIMES"})
    CHECK(Trial{}.fate(indicator(pattern)) == "pattern");
}

TEST_CASE("What the reader muted, owns, or finds too little said of, is left out", "[feeds][selection]") {
  auto one = of("198.51.100.7");
  store::Mute mute;
  mute.subject = mute.value = kId;
  CHECK(Trial{.mutes = {mute}}.fate(one) == "muted");
  CHECK(Trial{.own = {*access::Network::parse("198.51.100.0/24")}}.fate(one) == "own-range");
  CHECK(Trial{.own = {*access::Network::parse("198.51.100.7")}}.fate(of("198.51.100.0/24")) == "own-range");
  CHECK(Trial{}.fate(of("198.0.0.0/11")) == "too-wide");
  CHECK(Trial{.parameters = {{"min_confidence", "50"}}}.fate(one) == "confidence");
  one["confidence"] = 50;
  CHECK(Trial{.parameters = {{"min_confidence", "50"}}}.fate(one) == "in");
  CHECK(Trial{.parameters = {{"min_corroboration", "2"}}}.fate(one) == "corroboration");
  CHECK(Trial{.parameters = {{"min_corroboration", "2"}}, .independent = 2}.fate(one) == "in");
}

TEST_CASE("What is older than is asked for is left out, and what becomes it ends the list", "[feeds][selection]") {
  auto const at = [](char const* text) { return stix::Timestamp::parse(text)->microseconds(); };
  auto const one = of("198.51.100.7");  // said 30 days ago
  CHECK(Trial{.parameters = {{"max_age", "30"}}}.fate(one) == "age");
  CHECK(Trial{.parameters = {{"max_age", "31"}}}.fate(one) == "in");
  auto const young = Trial{.parameters = {{"max_age", "31"}}}.over({one});
  CHECK(young.holds_until_us == at("2026-06-02T00:00:00Z"));
  CHECK(young.stands_until_us == at("2026-06-02T00:00:00Z"));
  auto const aged = Trial{.parameters = {{"max_age", "30"}}}.over({one});
  CHECK(aged.stands_until_us == at("2026-07-01T00:00:00Z"));  // when it is no exclusion any more
  CHECK(Trial{.parameters = {{"max_age", "90"}}}.over({one}).holds_until_us == at("2026-07-01T00:00:00Z"));
}

TEST_CASE("A wanted class of proxies is one that is said of the address or around it", "[feeds][selection]") {
  auto const wanting = [](char const* classes, std::vector<json> said, char const* feed = "block-v4") {
    return Trial{.feed = feed, .parameters = {{"proxy_class", classes}}, .observables = std::move(said)};
  };
  auto const vpn = observable("198.51.100.0/24", {{"proxy_class", "vpn"}});
  for (auto const* value : {"198.51.100.7", "198.51.100.0/24", "198.51.100.128/25"})
    CHECK(wanting("vpn", {vpn}).fate(of(value)) == "in");
  for (auto const* value : {"198.51.101.7", "198.51.0.0/16"})
    CHECK(wanting("vpn", {vpn}).fate(of(value)) == "proxy-class");
  CHECK(wanting("tor,vpn", {vpn}).fate(of("198.51.100.7")) == "in");
  CHECK(wanting("tor", {vpn}).fate(of("198.51.100.7")) == "proxy-class");
  CHECK(wanting("vpn", {}).fate(of("198.51.100.7")) == "proxy-class");
  CHECK(wanting("vpn", {vpn}, "observe-v4").fate(of("198.51.100.7")) == "in");
  auto const mobile = observable("198.51.100.7", {{"proxy_class", "mobile"}});
  CHECK(wanting("mobile", {mobile}).fate(of("198.51.100.7")) == "mobile");  // to want it is no exception
  CHECK(wanting("mobile", {mobile}, "rate-limit-v4").fate(of("198.51.100.7")) == "in");
  CHECK(wanting("vpn", {{{"type", "ipv4-addr"}, {"value", "198.51.100.7"}}}).fate(of("198.51.100.7")) == "proxy-class");
  json const number{{"type", "autonomous-system"},
                    {"number", 64500},
                    {"extensions", {{std::string(kinds::kProxyExtension), {{"proxy_class", "datacenter"}}}}}};
  auto const asn = indicator("[autonomous-system:number = 64500]");
  CHECK(wanting("datacenter", {number}, "block-asn").fate(asn) == "in");
  CHECK(wanting("vpn", {number}, "block-asn").fate(asn) == "proxy-class");
}

TEST_CASE("A feed says what it has, where that was read, and until when it holds", "[feeds][selection]") {
  auto early = of("198.51.100.9");
  early["valid_until"] = "2026-06-02T00:00:00.000Z";
  auto const out = Trial{}.over({of("198.51.100.8/31"), early, of("198.51.100.1", json::object())});
  REQUIRE(out.entries.size() == 2);
  CHECK(feeds::valid_until_of(out.entries[0]) == "2026-07-01T00:00:00.000Z");
  CHECK(out.entries[1].level == stix::Tlp::green);
  CHECK(out.places.size() == 2);
  CHECK(out.excluded == std::map<std::string_view, std::size_t>{{"action", 1}});
  CHECK(out.holds_until_us == stix::Timestamp::parse("2026-06-02T00:00:00Z")->microseconds());
}

TEST_CASE("A feed says until when time alone changes nothing of it, its exclusions neither", "[feeds][selection]") {
  auto const at = [](char const* text) { return stix::Timestamp::parse(text)->microseconds(); };
  auto one = of("198.51.100.7"), left_out = of("198.51.100.8", json::object()), later = of("198.51.100.9"),
       over = of("198.51.100.10"), revoked = later;
  CHECK(Trial{}.over({}).stands_until_us == INT64_MAX);
  CHECK(Trial{}.over({one}).stands_until_us == at("2026-07-01T00:00:00Z"));
  left_out["valid_until"] = "2026-06-20T00:00:00.000Z";
  CHECK(Trial{}.over({one, left_out}).stands_until_us == at("2026-06-20T00:00:00Z"));
  CHECK(Trial{}.over({one, left_out}).holds_until_us == at("2026-07-01T00:00:00Z"));
  later["valid_from"] = revoked["valid_from"] = "2026-06-10T00:00:00.000Z";
  revoked["revoked"] = true;
  over["valid_until"] = "2026-05-20T00:00:00.000Z";
  CHECK(Trial{}.over({one, revoked, over}).stands_until_us == at("2026-07-01T00:00:00Z"));
  CHECK(Trial{}.over({one, left_out, later}).stands_until_us == at("2026-06-10T00:00:00Z"));
  store::Mute mute, ended;
  mute.subject = ended.subject = "of something else";
  mute.until_us = at("2026-06-05T00:00:00Z");
  ended.until_us = kNow;
  CHECK(Trial{.mutes = {mute, ended}}.over({one, later}).stands_until_us == at("2026-06-05T00:00:00Z"));
}
