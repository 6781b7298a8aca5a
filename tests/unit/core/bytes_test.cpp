#include "schema/core/bytes.hpp"

#include <utility>

#include "tests/support/catch.hpp"

namespace tocsin::core {
namespace {

using namespace std::string_view_literals;

std::pair<std::string_view, std::string_view> const kRfc4648[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

std::string all_bytes() {
  std::string out;
  for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
  return out;
}

TEST_CASE("base64 agrees with the vectors of RFC 4648 section 10", "[core][bytes]") {
  for (auto const& [plain, encoded] : kRfc4648) {
    CHECK(to_base64(plain) == encoded);
    CHECK(from_base64(encoded) == plain);
  }
}

TEST_CASE("base64url is base64 with the other alphabet and no padding", "[core][bytes]") {
  for (auto const& [plain, encoded] : kRfc4648) {
    auto unpadded = encoded.substr(0, encoded.find('='));
    CHECK(to_base64url(plain) == unpadded);
    CHECK(from_base64url(unpadded) == plain);
  }
  CHECK(to_base64("\xFB\xEF\xFF"sv) == "++//");
  CHECK(to_base64url("\xFB\xEF\xFF"sv) == "--__");
  CHECK_FALSE(from_base64("--__"));
  CHECK_FALSE(from_base64url("++//"));
}

TEST_CASE("bytes of every value survive each encoding", "[core][bytes]") {
  auto bytes = all_bytes();
  CHECK(from_hex(to_hex(bytes)) == bytes);
  CHECK(from_base64(to_base64(bytes)) == bytes);
  CHECK(from_base64url(to_base64url(bytes)) == bytes);
}

TEST_CASE("base64 that is not canonical is refused", "[core][bytes]") {
  for (auto text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9*"}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
  for (auto text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vY", "Zm.v"}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("hexadecimal is written in lower case and read in either", "[core][bytes]") {
  CHECK(to_hex("\x00\xAB\xFF"sv) == "00abff");
  CHECK(from_hex("00aBFf") == "\x00\xAB\xFF"sv);
  for (auto text : {"0", "0g", "g0", "0 ", "0x00"}) CHECK_FALSE(from_hex(text));
}

TEST_CASE("a UUID reads back from its text", "[core][bytes]") {
  auto uuid = parse_uuid("00112233-4455-6677-8899-AABBccddeeff");
  REQUIRE(uuid);
  CHECK((*uuid)[0] == 0x00);
  CHECK((*uuid)[15] == 0xFF);
  CHECK(to_text(*uuid) == "00112233-4455-6677-8899-aabbccddeeff");
  for (auto text : {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefff",
                    "001122334-455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
                    "00112233_4455-6677-8899-aabbccddeeff"}) {
    INFO(text);
    CHECK_FALSE(parse_uuid(text));
  }
}

TEST_CASE("an array is made from exactly its own length", "[core][bytes]") {
  CHECK(to_array<3>("a\xFFz"sv) == std::array<std::uint8_t, 3>{0x61, 0xFF, 0x7A});
  CHECK_FALSE(to_array<3>("ab"));
  CHECK_FALSE(to_array<3>("abcd"));
  CHECK(view(*to_array<3>("abc")) == "abc");
}

TEST_CASE("well-formed UTF-8 is accepted to the edges of each length", "[core][bytes]") {
  for (auto text : {""sv, "a\0b"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv,
                    "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv}) {
    CHECK(is_utf8(text));
  }
}

TEST_CASE("ill-formed UTF-8 is refused", "[core][bytes]") {
  for (auto text : {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xC2\x41"sv, "\xE0\x9F\xBF"sv,
                    "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xE2\x82"sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv,
                    "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv, "\xF0\x90\x80"sv, "ok\xE2\x28\xA1"sv}) {
    INFO(to_hex(text));
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("constant-time comparison is equality", "[core][bytes]") {
  CHECK(equal_constant_time("", ""));
  CHECK(equal_constant_time("abc", "abc"));
  CHECK_FALSE(equal_constant_time("abc", "abd"));
  CHECK_FALSE(equal_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace tocsin::core
