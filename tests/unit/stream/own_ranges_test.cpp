#include "server/stream/own_ranges.hpp"

#include <algorithm>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using stream::OwnRanges;

namespace {

OwnRanges registered(std::vector<std::string> const& texts) {
  std::vector<store::OwnRange> rows;
  for (auto const& text : texts) rows.push_back({text, "0123456789abcdef", 1});
  return OwnRanges(std::move(rows));
}

std::vector<std::string> touched(OwnRanges const& ranges, std::string const& value) {
  bool v6 = value.find(':') != std::string::npos;
  auto found = ranges.touched_by(v6 ? "ipv6-addr" : "ipv4-addr", R"({"value":")" + value + "\"}");
  return {found.begin(), found.end()};
}

using List = std::vector<std::string>;

// Networks that nest and meet often: few bits decide.
std::string random_network(test::Random& random) {
  bool v6 = random.below(3) == 0;
  auto byte = [&] { return std::to_string(random.below(4) * 64); };
  if (v6) {
    int bits = static_cast<int>(random.below(129));
    std::string text = random.chance(50) ? "2a00" : "2a01";
    for (int group = 1; group < 8; ++group) text += random.chance(50) ? ":0" : ":8001";
    return access::Network::around(text + "/" + std::to_string(bits)).value().text();
  }
  int bits = static_cast<int>(random.below(33));
  return access::Network::around("9." + byte() + "." + byte() + "." + byte() + "/" + std::to_string(bits))
      .value()
      .text();
}

bool overlap(std::string const& a, std::string const& b) {
  auto one = access::Network::parse(a).value(), other = access::Network::parse(b).value();
  return one.contains(other) || other.contains(one);
}

}  // namespace

TEST_CASE("an object touches a range that it lies in, and one that lies in it", "[stream][ranges]") {
  auto ranges = registered({"9.9.0.0/16", "9.9.9.0/24", "9.10.0.0/16", "2a00::/32", "AS150"});
  CHECK(touched(ranges, "9.9.9.9") == List{"9.9.0.0/16", "9.9.9.0/24"});
  CHECK(touched(ranges, "9.9.1.0/24") == List{"9.9.0.0/16"});
  CHECK(touched(ranges, "9.0.0.0/8") == List{"9.9.0.0/16", "9.9.9.0/24", "9.10.0.0/16"});
  CHECK(touched(ranges, "9.11.0.0/16").empty());
  CHECK(touched(ranges, "9.8.255.255").empty());
  CHECK(touched(ranges, "::ffff:9.9.9.1") == List{"9.9.0.0/16", "9.9.9.0/24"});
  CHECK(touched(ranges, "2a00:0:1::/48") == List{"2a00::/32"});
  CHECK(ranges.touched_by("autonomous-system", R"({"number":150})") == std::vector<std::string_view>{"AS150"});
  CHECK(ranges.touched_by("autonomous-system", R"({"number":151})").empty());
}

TEST_CASE("all of IPv6 is not about IPv4", "[stream][ranges]") {
  auto ranges = registered({"9.9.0.0/16"});
  CHECK(touched(ranges, "::/0").empty());
  CHECK(touched(ranges, "0.0.0.0/0") == List{"9.9.0.0/16"});
}

TEST_CASE("a range that several comparisons touch is named once", "[stream][ranges]") {
  auto ranges = registered({"9.9.0.0/16", "9.9.9.0/24", "2a00::/32", "AS150"});
  auto found = ranges.touched_by(
      "indicator",
      R"({"pattern_type":"stix","pattern":"[autonomous-system:number = 150 OR ipv6-addr:value = '2a00::1' )"
      R"(OR ipv4-addr:value IN ('9.9.9.9','9.9.1.1','9.9.9.8')]"})");
  CHECK(found == std::vector<std::string_view>{"9.9.0.0/16", "9.9.9.0/24", "2a00::/32", "AS150"});
}

TEST_CASE("what is found is what looking at each range finds", "[stream][ranges]") {
  test::Random random;
  std::size_t cases = 0, hits = 0;
  while (cases < 150'000) {
    std::set<std::string> texts;
    for (std::size_t i = random.below(60); i > 0; --i) texts.insert(random_network(random));
    auto ranges = registered({texts.begin(), texts.end()});
    for (int i = 0; i < 500; ++i, ++cases) {
      auto value = random_network(random);
      auto found = touched(ranges, value);
      std::ranges::sort(found);
      List expected;
      for (auto const& text : texts)
        if (overlap(text, value)) expected.push_back(text);
      hits += expected.size();
      if (found == expected) continue;
      INFO(value);
      REQUIRE(found == expected);
    }
  }
  CHECK(hits > cases / 10);
}

TEST_CASE("several subjects find what each of them finds", "[stream][ranges]") {
  test::Random random;
  for (int round = 0; round < 2'000; ++round) {
    std::set<std::string> texts;
    for (int i = 0; i < 40; ++i) texts.insert(random_network(random));
    auto ranges = registered({texts.begin(), texts.end()});
    std::set<std::string> expected;
    std::string list;
    for (int i = 0; i < 4; ++i) {
      auto value = random_network(random);
      for (auto const& one : touched(ranges, value)) expected.insert(one);
      list += (i == 0 ? "'" : ",'") + value + "'";
    }
    auto found =
        ranges.touched_by("indicator", R"({"pattern_type":"stix","pattern":"[ipv4-addr:value IN ()" + list + ")]\"}");
    CHECK(std::set<std::string>(found.begin(), found.end()) == expected);
    CHECK(found.size() == expected.size());
  }
}
