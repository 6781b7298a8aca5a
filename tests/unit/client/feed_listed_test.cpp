#include "clients/cpp/feed/listed.hpp"
#include "schema/kinds/network.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

bool has(Listed const& listed, char const* address) {
  return listed.has(match::address_of(kinds::parse_networks(address)->all.front()));
}

}  // namespace

TEST_CASE("an address is listed when a network of its family has it", "[client][feed]") {
  auto const four = Listed::of("192.0.2.0/31\n198.51.100.7\n"), six = Listed::of("2001:db8::/48\n"),
             all = Listed::of("0.0.0.0/0\n");
  REQUIRE((four && six && all));
  for (auto const* address : {"192.0.2.0", "192.0.2.1", "198.51.100.7", "::ffff:192.0.2.1"}) CHECK(has(*four, address));
  for (auto const* address : {"192.0.1.255", "192.0.2.2", "198.51.100.6", "198.51.100.8", "::c000:200"})
    CHECK_FALSE(has(*four, address));
  CHECK(has(*six, "2001:db8:0:ffff::"));
  CHECK_FALSE(has(*six, "2001:db8:1::"));
  CHECK(has(*all, "255.255.255.255"));
  CHECK_FALSE(has(*all, "::1"));
  CHECK(has(*Listed::of("::/0\n"), "ffff::"));
}

TEST_CASE("what is no list of networks in their order is none", "[client][feed]") {
  CHECK_FALSE(Listed::of("AS64500\n"));
  CHECK_FALSE(Listed::of("198.51.100.7\n192.0.2.0/31\n"));
}

}  // namespace tocsin::client
