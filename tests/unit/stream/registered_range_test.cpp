#include "server/stream/registered_range.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;
using stream::parse_range;
using stream::require_ownable;
using stream::text_of;

namespace {

std::string canonical(std::string_view text) { return text_of(parse_range(text, "").value()); }

bool ownable(std::string_view text, bool documentation = false) {
  return require_ownable(parse_range(text, "").value(), documentation, "").has_value();
}

}  // namespace

TEST_CASE("a range has one text, however it was written", "[stream][ranges]") {
  CHECK(canonical("9.9.9.0/24") == "9.9.9.0/24");
  CHECK(canonical("9.9.9.9/32") == "9.9.9.9");
  CHECK(canonical("::ffff:9.9.9.0/120") == "9.9.9.0/24");
  CHECK(canonical("2A00:0:0::/32") == "2a00::/32");
  CHECK(canonical("2a00::1/128") == "2a00::1");
  CHECK(canonical("2a00:0:0:1:0:0:0:1") == "2a00:0:0:1::1");
  CHECK(canonical("as00150") == "AS150");
}

TEST_CASE("host bits are refused with the range that was meant", "[stream][ranges]") {
  auto refused = parse_range("9.9.9.77/24", "/ranges/3");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::bad_parameter);
  CHECK(refused.error().pointer == "/ranges/3");
  CHECK(refused.error().remedy.find("9.9.9.0/24") != std::string::npos);
}

TEST_CASE("what is neither a range nor a number is refused with its place", "[stream][ranges]") {
  for (char const* text : {"", "AS", "AS-1", "AS4294967296", "AS1 ", "A", "9.9.9", "9.9.9.0/33", "9.9.9.0/", "host",
                           "fe80::1%eth0", "9.9.9.0-9.9.9.9", "*"}) {
    INFO(text);
    auto refused = parse_range(text, "/ranges/0");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().pointer == "/ranges/0");
    CHECK_FALSE(refused.error().remedy.empty());
  }
}

TEST_CASE("nobody owns what is private or reserved, nor what has some of it inside", "[stream][ranges]") {
  for (char const* text :
       {"10.1.0.0/16",  "127.0.0.1",       "192.168.0.0/24", "100.64.0.1", "169.254.1.0/24", "172.31.0.0/16",
        "224.0.0.1",    "255.255.255.255", "0.0.0.0/0",      "8.0.0.0/6",  "198.18.0.0/15",  "::1",
        "::/0",         "fe80::/64",       "fd00::/8",       "ff02::1",    "2002::/16",      "64:ff9b::1",
        "AS0",          "AS23456",         "AS64512",        "AS65535",    "AS65552",        "AS131071",
        "AS4200000000", "AS4294967295"}) {
    INFO(text);
    CHECK_FALSE(ownable(text, true));
  }
  for (char const* text : {"9.0.0.0/8", "11.0.0.0/8", "172.32.0.0/12", "223.255.255.0/24", "2a00::/12", "2600::/12",
                           "AS1", "AS15169", "AS64495", "AS131072", "AS4199999999"}) {
    INFO(text);
    CHECK(ownable(text));
  }
}

TEST_CASE("documentation space is owned in a demonstration only", "[stream][ranges]") {
  for (char const* text : {"203.0.113.0/24", "198.51.100.7", "192.0.2.0/25", "2001:db8:1::/48", "3fff::/20", "AS64500",
                           "AS65551", "203.0.112.0/23"}) {
    INFO(text);
    CHECK_FALSE(ownable(text));
    CHECK(ownable(text, true));
  }
}
