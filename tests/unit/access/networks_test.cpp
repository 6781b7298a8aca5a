#include "server/access/networks.hpp"

#include <random>
#include <string>
#include <tuple>

#include "tests/support/catch.hpp"

using namespace tocsin;
using access::Network;
using access::parse_address;

namespace {

bool contains(char const* network, char const* address) {
  return Network::parse(network).value().contains(parse_address(address).value());
}

}  // namespace

TEST_CASE("a network holds the addresses that share its prefix", "[access][networks]") {
  CHECK(contains("203.0.113.0/24", "203.0.113.0"));
  CHECK(contains("203.0.113.0/24", "203.0.113.255"));
  CHECK_FALSE(contains("203.0.113.0/24", "203.0.112.255"));
  CHECK(contains("203.0.113.128/25", "203.0.113.200"));
  CHECK_FALSE(contains("203.0.113.128/25", "203.0.113.127"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST_CASE("an address alone is a network of one", "[access][networks]") {
  CHECK(contains("203.0.113.7", "203.0.113.7"));
  CHECK_FALSE(contains("203.0.113.7", "203.0.113.6"));
  CHECK(contains("2001:db8::1", "2001:db8:0::1"));
  CHECK_FALSE(contains("2001:db8::1", "2001:db8::2"));
}

TEST_CASE("an IPv4 address and its mapped form are one", "[access][networks]") {
  CHECK(parse_address("::ffff:192.0.2.1") == parse_address("192.0.2.1"));
  CHECK(contains("192.0.2.0/24", "::ffff:192.0.2.9"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  CHECK(contains("0.0.0.0/0", "198.51.100.1"));
  CHECK(contains("::/0", "2001:db8::1"));
}

TEST_CASE("networks with host bits or other than a number after the slash are refused", "[access][networks]") {
  for (char const* text : {"203.0.113.1/24", "2001:db8::1/64", "203.0.113.0/33", "2001:db8::/129", "203.0.113.0/-1",
                           "203.0.113.0/", "203.0.113.0/24 ", "203.0.113.0/2x", "203.0.113.0/24/24", "", "/24",
                           "localhost", "203.0.113", "fe80::1%eth0"}) {
    INFO(text);
    auto parsed = Network::parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == core::Code::bad_parameter);
    CHECK_FALSE(parsed.error().remedy.empty());
  }
}

TEST_CASE("a network has one text, which reads back as the same network", "[access][networks]") {
  for (auto const& [given, text] :
       std::vector<std::pair<std::string, std::string>>{{"203.0.113.0/24", "203.0.113.0/24"},
                                                        {"203.0.113.7/32", "203.0.113.7"},
                                                        {"::ffff:203.0.113.0/120", "203.0.113.0/24"},
                                                        {"0.0.0.0/0", "0.0.0.0/0"},
                                                        {"::/0", "::/0"},
                                                        {"2001:DB8:0:0:1:0:0:0/80", "2001:db8:0:0:1::/80"},
                                                        {"2001:db8::1/128", "2001:db8::1"}}) {
    auto network = Network::parse(given).value();
    CHECK(network.text() == text);
    CHECK(Network::parse(text) == network);
  }
}

TEST_CASE("a network around an address has its host bits zero", "[access][networks]") {
  CHECK(Network::around("203.0.113.77/24")->text() == "203.0.113.0/24");
  CHECK(Network::around("2001:db8::77/64")->text() == "2001:db8::/64");
  CHECK(Network::around("203.0.113.77")->text() == "203.0.113.77");
  CHECK_FALSE(Network::around("203.0.113.0/33").has_value());
}

TEST_CASE("a network holds another when it is as wide and of the same family", "[access][networks]") {
  auto holds = [](char const* wide, char const* narrow) {
    return Network::parse(wide)->contains(Network::parse(narrow).value());
  };
  CHECK(holds("203.0.113.0/24", "203.0.113.128/25"));
  CHECK(holds("203.0.113.0/24", "203.0.113.0/24"));
  CHECK_FALSE(holds("203.0.113.128/25", "203.0.113.0/24"));
  CHECK_FALSE(holds("203.0.113.0/24", "203.0.112.0/25"));
  CHECK(holds("0.0.0.0/0", "203.0.113.0/24"));
  CHECK(holds("::/0", "2001:db8::/32"));
  CHECK_FALSE(holds("::/0", "203.0.113.0/24"));
}

TEST_CASE("what follows a NUL is not overlooked", "[access][networks]") {
  using namespace std::string_view_literals;
  CHECK_FALSE(parse_address("192.0.2.1\0.9"sv).has_value());
  CHECK_FALSE(Network::parse("192.0.2.0\0/24"sv).has_value());
}

TEST_CASE("containment is equality of the first bits for every length", "[access][networks]") {
  std::mt19937 random(7);
  for (int length = 0; length <= 32; ++length)
    for (int i = 0; i < 50; ++i) {
      std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length), base = random() & mask,
                    other = random();
      if (i % 2 == 0) other = (other & ~mask) | base;
      auto text = [](std::uint32_t a) {
        return std::to_string(a >> 24) + "." + std::to_string(a >> 16 & 255) + "." + std::to_string(a >> 8 & 255) +
               "." + std::to_string(a & 255);
      };
      auto network = Network::parse(text(base) + "/" + std::to_string(length)).value();
      CHECK(network.contains(parse_address(text(other)).value()) == ((other & mask) == base));
    }
}

TEST_CASE("an address is as long as the longest spelling of one, and holds no zero byte", "[access][networks]") {
  std::string const longest = "0000:0000:0000:0000:0000:ffff:255.255.255.255";
  REQUIRE(longest.size() == 45);
  CHECK(access::parse_address(longest) == access::parse_address("255.255.255.255"));
  CHECK_FALSE(access::parse_address("0" + longest).has_value());
  CHECK_FALSE(access::parse_address(std::string("9.9.9.9\0", 8)).has_value());
}

TEST_CASE("a network around an address in octets is the one around its text", "[access][networks]") {
  for (auto const& [address, bits, text] : {std::tuple{"203.0.113.7", 96 + 24, "203.0.113.0/24"},
                                            {"203.0.113.7", 128, "203.0.113.7"},
                                            {"2001:db8:ffff::1", 33, "2001:db8:8000::/33"},
                                            {"2001:db8::1", 0, "::/0"}})
    CHECK(Network::around(parse_address(address).value(), bits) == Network::around(text).value());
}
