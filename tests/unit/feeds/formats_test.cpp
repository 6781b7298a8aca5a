#include "server/feeds/formats/formats.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "schema/kinds/network.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/feeds/networks.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using feeds::Entry;
using feeds::Family;
using match::Action;

namespace {

Entry entry(std::string_view value, Action action = Action::block, std::uint8_t id = 1) {
  Entry out;
  if (value.starts_with("AS"))
    out.number = static_cast<std::uint32_t>(std::stoul(std::string(value.substr(2))));
  else
    out.network = match::folded(kinds::parse_networks(value)->all.at(0));
  out.action = action;
  out.uuid[15] = id;
  out.level = stix::Tlp::green;
  return out;
}

std::vector<Entry> sorted(std::vector<Entry> all) {
  feeds::sort(all);
  return all;
}

// Some networks below 198.51.100.0/24, none of which touches another, so that a naive list has one line for each.
std::vector<Entry> apart() {
  std::vector<Entry> out;
  for (int i = 0; i < 60; ++i)
    out.push_back(entry("198.51.100." + std::to_string(i * 4) + (i % 3 == 0 ? "/31" : ""), Action::block,
                        static_cast<std::uint8_t>(i)));
  return out;
}

std::vector<std::string> values(std::vector<Entry> const& all) {
  std::vector<std::string> out;
  for (auto const& one : all) out.push_back(kinds::to_text(kinds::parse_networks(match::text_of(one.network))->all[0]));
  return out;
}

// The action of the narrowest line that has the address, as nginx finds it; "": no line has.
std::string geo(std::string const& body, match::SixBits address) {
  std::istringstream lines(body);
  std::string value, action, found;
  int narrowest = -1;
  while (lines >> value >> action) {
    auto const network = match::folded(kinds::parse_networks(value)->all.at(0));
    if (address < network.first || address > feeds::last_of(network) || network.length <= narrowest) continue;
    narrowest = network.length;
    found = action.substr(0, action.size() - 1);
  }
  return found;
}

}  // namespace

TEST_CASE("Every format of a list is byte for byte what a naive one is", "[feeds][formats]") {
  auto const all = sorted(apart());
  std::string text, deny, elements;
  auto addresses = nlohmann::json::array(), items = nlohmann::json::array();
  for (auto const& value : values(all)) {
    text += value + "\n";
    deny += "deny " + value + ";\n";
    elements += "  " + value + ",\n";
    addresses.push_back(value.contains('/') ? value : value + "/32");
    items.push_back({{"ip", value}, {"comment", "tocsin block-v4"}});
  }
  CHECK(feeds::as_text("block-v4", Family::v4, all).body == text);
  CHECK(feeds::as_nginx("block-v4", Family::v4, all).body == deny);
  CHECK(feeds::as_nftables("block-v4", Family::v4, all).body ==
        "add table inet tocsin\nadd set inet tocsin block_v4 { type ipv4_addr; flags interval; }\n"
        "flush set inet tocsin block_v4\nadd element inet tocsin block_v4 {\n" +
            elements + "}\n");
  CHECK(nlohmann::json::parse(feeds::as_aws_waf("block-v4", Family::v4, all).body) ==
        nlohmann::json{{"IPAddressVersion", "IPV4"}, {"Addresses", addresses}});
  CHECK(nlohmann::json::parse(feeds::as_cloudflare("block-v4", Family::v4, all).body) == items);
  for (auto const& format : feeds::formats())
    if (format.render != nullptr) CHECK(format.render("block-v4", Family::v4, all).count == all.size());
}

TEST_CASE("The order in which indicators were found is not in the bytes", "[feeds][formats]") {
  auto all = apart();
  auto const first = sorted(all);
  std::ranges::reverse(all);
  auto const second = sorted(all);
  for (auto const& format : feeds::formats())
    if (format.render != nullptr)
      CHECK(format.render("block-v4", Family::v4, first).body == format.render("block-v4", Family::v4, second).body);
}

TEST_CASE("Rows and lines say what each indicator says, and no cell begins a formula", "[feeds][formats]") {
  auto one = entry("198.51.100.0/25", Action::rate_limit, 0xA);
  one.confidence = 80;
  one.valid_until_us = stix::Timestamp::parse("2027-01-31T00:00:00.000Z")->microseconds();
  auto const all = sorted({entry("198.51.100.128/25", Action::none, 0xB), one});
  auto const csv = feeds::as_csv("observe-v4", Family::v4, all).body;
  CHECK(
      csv ==
      "value,action,confidence,tlp,valid_until,id\r\n"
      "198.51.100.0/25,rate-limit,80,green,2027-01-31T00:00:00.000Z,indicator--00000000-0000-0000-0000-00000000000a\r\n"
      "198.51.100.128/25,none,,green,,indicator--00000000-0000-0000-0000-00000000000b\r\n");
  CHECK(
      feeds::as_ndjson("observe-v4", Family::v4, all).body ==
      R"({"action":"rate-limit","confidence":80,"id":"indicator--00000000-0000-0000-0000-00000000000a","tlp":"green","valid_until":"2027-01-31T00:00:00.000Z","value":"198.51.100.0/25"})"
      "\n"
      R"({"action":"none","id":"indicator--00000000-0000-0000-0000-00000000000b","tlp":"green","value":"198.51.100.128/25"})"
      "\n");
  auto const six = sorted({entry("::/1"), entry("::1")});  // the values that begin with the oddest letter
  std::string cell;
  std::istringstream rows(feeds::as_csv("block-v6", Family::v6, six).body);
  while (std::getline(rows, cell, ','))
    CHECK((cell.empty() || std::string("=+-@\t").find(cell[0]) == std::string::npos));
}

TEST_CASE("A list of autonomous systems has each once", "[feeds][formats]") {
  auto const all =
      sorted({entry("AS64501", Action::block, 0xB), entry("AS64500"), entry("AS64501", Action::block, 0xA)});
  CHECK(feeds::as_text("block-asn", Family::asn, all).body == "AS64500\nAS64501\n");
  CHECK(feeds::as_csv("block-asn", Family::asn, all).count == 3);
}

TEST_CASE("Of an empty feed nft empties the set and adds nothing", "[feeds][formats]") {
  CHECK(feeds::as_nftables("block-v6", Family::v6, {}).body ==
        "add table inet tocsin\nadd set inet tocsin block_v6 { type ipv6_addr; flags interval; }\n"
        "flush set inet tocsin block_v6\n");
  CHECK(feeds::as_text("block-v6", Family::v6, {}).body.empty());
}

TEST_CASE("In nginx each address has the strongest action that is suggested of it", "[feeds][formats]") {
  constexpr std::array kActions{Action::none,   Action::observe,    Action::challenge,
                                Action::verify, Action::rate_limit, Action::block};
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same lists each time
  for (int round = 0; round < 300; ++round) {
    std::vector<Entry> all;
    std::map<match::SixBits, Action> strongest;
    for (auto count = random() % 12; count > 0; --count) {
      auto const wide = static_cast<unsigned>(random() % 6);
      Entry one;
      one.network = {(match::SixBits{198} << 24) | (random() % 32 >> wide << wide), false,
                     static_cast<std::uint8_t>(32 - wide)};
      one.action = kActions[random() % kActions.size()];
      one.uuid[15] = static_cast<std::uint8_t>(count);
      for (auto at = one.network.first; at <= feeds::last_of(one.network); ++at)
        strongest[at] = std::max(strongest[at], one.action);
      all.push_back(one);
    }
    auto const body = feeds::as_nginx_geo("observe-v4", Family::v4, sorted(all)).body;
    for (match::SixBits at = 0; at < 34; ++at) {
      auto const address = (match::SixBits{198} << 24) | at;
      auto const found = strongest.find(address);
      REQUIRE(geo(body, address) == (found == strongest.end() ? "" : std::string(match::name(found->second))));
    }
  }
}
