#include "server/base/address.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::base;

TEST_CASE("an address to listen on is an IP address and a port", "[base][address]") {
  CHECK(parse_address("127.0.0.1:8443") == Address{"127.0.0.1", 8443});
  CHECK(parse_address("0.0.0.0:0") == Address{"0.0.0.0", 0});
  CHECK(parse_address("[::1]:65535") == Address{"::1", 65535});
  for (auto const* text :
       {"", ":", "8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 1", "localhost:80",
        "::1:80", "[127.0.0.1]:80", "[::1]", "[]:80", "[::1:80", "1.2.3:4", "01.2.3.4:5"}) {
    INFO(text);
    auto parsed = parse_address(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == tocsin::core::Code::config_invalid);
  }
}

TEST_CASE("loopback is told from other addresses", "[base][address]") {
  CHECK(Address{"127.0.0.1", 1}.is_loopback());
  CHECK(Address{"127.255.0.9", 1}.is_loopback());
  CHECK(Address{"0:0:0:0:0:0:0:1", 1}.is_loopback());
  CHECK_FALSE(Address{"0.0.0.0", 1}.is_loopback());
  CHECK_FALSE(Address{"::", 1}.is_loopback());
  CHECK_FALSE(Address{"192.0.2.1", 1}.is_loopback());
}

TEST_CASE("a host name has labels of letters, digits and inner dashes", "[base][address]") {
  CHECK(is_host_name("localhost"));
  CHECK(is_host_name("a-1.Example"));
  CHECK(is_host_name(std::string(63, 'a') + ".example"));
  for (std::string text : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "é.example", "a\n"}) {
    INFO(text);
    CHECK_FALSE(is_host_name(text));
  }
  CHECK_FALSE(is_host_name(std::string(64, 'a')));
  CHECK_FALSE(is_host_name(std::string("a\0b", 3)));
}

TEST_CASE("an IP address stands alone", "[base][address]") {
  CHECK(is_ip_address("192.0.2.1"));
  CHECK(is_ip_address("2001:db8::1"));
  for (auto const* text : {"", "192.0.2.1/32", "[::1]", "fe80::1%eth0", "192.0.2.256", "host"}) {
    INFO(text);
    CHECK_FALSE(is_ip_address(text));
  }
  CHECK_FALSE(is_ip_address(std::string_view("192.0.2.1\0", 10)));
}
