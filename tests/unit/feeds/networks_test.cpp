#include "server/feeds/networks.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "schema/kinds/network.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using match::IpNetwork;
using match::SixBits;

namespace {

IpNetwork network(std::string_view text) { return match::folded(kinds::parse_networks(text)->all.at(0)); }

std::vector<std::string> texts(std::vector<std::string_view> const& given) {
  std::vector<IpNetwork> all;
  for (auto const text : given) all.push_back(network(text));
  std::vector<std::string> out;
  for (auto const& one : feeds::aggregated(std::move(all))) out.push_back(match::text_of(one));
  return out;
}

// One of 2^bits neighbours, or a network of several.
IpNetwork random_network(std::mt19937& random, bool six, unsigned bits) {
  auto const wide = static_cast<unsigned>(random() % (bits + 1));
  SixBits first = random() % (1u << bits);
  first = first >> wide << wide;
  if (six) first |= SixBits{0x20010db8} << 96;
  if (!six) first |= SixBits{198} << 24;
  return {first, six, static_cast<std::uint8_t>((six ? 128 : 32) - wide)};
}

std::set<SixBits> addresses(std::vector<IpNetwork> const& all) {
  std::set<SixBits> out;
  for (auto const& one : all)
    for (auto at = one.first;; ++at) {
      out.insert(at);
      if (at == feeds::last_of(one)) break;
    }
  return out;
}

}  // namespace

TEST_CASE("Neighbours become one network, and what lies in another goes", "[feeds]") {
  CHECK(texts({"198.51.100.0/25", "198.51.100.128/25"}) == std::vector<std::string>{"198.51.100.0/24"});
  CHECK(texts({"198.51.100.7", "198.51.100.0/24"}) == std::vector<std::string>{"198.51.100.0/24"});
  CHECK(texts({"198.51.100.6", "198.51.100.7", "198.51.100.4/31"}) == std::vector<std::string>{"198.51.100.4/30"});
  CHECK(texts({"198.51.100.1", "198.51.100.2"}) == std::vector<std::string>{"198.51.100.1", "198.51.100.2"});
  CHECK(texts({"2001:db8::/33", "2001:db8:8000::/33"}) == std::vector<std::string>{"2001:db8::/32"});
}

TEST_CASE("The whole of a family is one network", "[feeds]") {
  CHECK(texts({"0.0.0.0/1", "128.0.0.0/1"}) == std::vector<std::string>{"0.0.0.0/0"});
  CHECK(texts({"::/1", "8000::/1", "2001:db8::1"}) == std::vector<std::string>{"::/0"});
  CHECK(feeds::text_with_length(network("198.51.100.7")) == "198.51.100.7/32");
  CHECK(feeds::text_with_length(network("2001:db8::/32")) == "2001:db8::/32");
}

TEST_CASE("An aggregated list is exactly the addresses that went in, and none shorter is", "[feeds]") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same lists each time
  for (int round = 0; round < 2'000; ++round) {
    bool const six = round % 2 == 1;
    std::vector<IpNetwork> all;
    for (auto count = random() % 24; count > 0; --count) all.push_back(random_network(random, six, 6));
    auto const out = feeds::aggregated(all);
    REQUIRE(addresses(out) == addresses(all));
    // No two can be one: they are apart, ascending, and no halves of a network that is not there.
    for (std::size_t i = 1; i < out.size(); ++i) {
      REQUIRE(feeds::last_of(out[i - 1]) < out[i].first);
      auto const joined = feeds::aggregated({out[i - 1], out[i]});
      REQUIRE(joined.size() == 2);
    }
    std::ranges::shuffle(all, random);
    auto const again = feeds::aggregated(all);
    REQUIRE(std::ranges::equal(
        again, out, [](auto const& a, auto const& b) { return a.first == b.first && a.length == b.length; }));
  }
}
