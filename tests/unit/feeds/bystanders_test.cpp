#include "server/feeds/bystanders.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/network.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using feeds::Family;
using nlohmann::json;

namespace {

json observable(json const& value, json facts) {
  json out{{"extensions", {{std::string(kinds::kProxyExtension), std::move(facts)}}}};
  if (value.is_number()) {
    out["type"] = "autonomous-system";
    out["number"] = value;
  } else {
    out["type"] = value.get<std::string>().contains(':') ? "ipv6-addr" : "ipv4-addr";
    out["value"] = value;
  }
  return out;
}

feeds::Entry entry(std::string_view value) {
  feeds::Entry out;
  out.network = match::folded(kinds::parse_networks(value)->all.at(0));
  return out;
}

}  // namespace

TEST_CASE("What is said of a network counts for what overlaps it", "[feeds][bystanders]") {
  feeds::Bystanders all;
  all.learn(observable("198.51.100.0/24", {{"proxy_class", "vpn"}, {"shared_egress", true}}));
  for (auto const* value : {"198.51.100.0/24", "198.51.100.7", "198.51.0.0/16", "198.51.100.128/25", "0.0.0.0/0"})
    CHECK(all.of(Family::v4, entry(value)).egress);
  for (auto const* value : {"198.51.101.0/24", "198.51.99.255", "198.51.101.0"})
    CHECK_FALSE(all.of(Family::v4, entry(value)).egress);
  CHECK_FALSE(all.of(Family::v6, entry("::/0")).egress);
}

TEST_CASE("What several say is said together", "[feeds][bystanders]") {
  feeds::Bystanders all;
  all.learn(observable("2001:db8::/48", {{"proxy_class", "cgnat"}}));
  all.learn(observable("2001:db8::/48", {{"proxy_class", "datacenter"}}));
  all.learn(observable("2001:db8::/32", {{"proxy_class", "mobile"}}));
  auto const shared = all.of(Family::v6, entry("2001:db8::1"));
  CHECK(shared.cgnat);
  CHECK(shared.mobile);
  CHECK_FALSE(shared.egress);
}

TEST_CASE("A residential network is one that is wider than one address", "[feeds][bystanders]") {
  feeds::Bystanders all;
  all.learn(observable("198.51.100.7", {{"proxy_class", "residential"}}));
  CHECK_FALSE(all.of(Family::v4, entry("198.51.100.7")).residential);
  CHECK_FALSE(all.of(Family::v4, entry("198.51.100.0/24")).residential);
  all.learn(observable("203.0.113.0/24", {{"proxy_class", "residential"}}));
  CHECK(all.of(Family::v4, entry("203.0.113.0/25")).residential);
  CHECK_FALSE(all.of(Family::v4, entry("203.0.113.7")).residential);
}

TEST_CASE("Autonomous systems are told apart, and what says nothing is passed over", "[feeds][bystanders]") {
  feeds::Bystanders all;
  all.learn(observable(64500, {{"proxy_class", "residential"}}));
  all.learn(observable("no address", {{"proxy_class", "mobile"}}));
  all.learn({{"type", "ipv4-addr"}, {"value", "198.51.100.7"}});
  feeds::Entry one;
  one.number = 64500;
  CHECK(all.of(Family::asn, one).residential);
  one.number = 64501;
  CHECK_FALSE(all.of(Family::asn, one).residential);
  CHECK_FALSE(all.of(Family::v4, entry("198.51.100.7")).mobile);
}
