#include "server/access/token.hpp"

#include <set>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using access::split_token;
using access::token_of_header;

TEST_CASE("a new token splits into the id and the secret that are stored", "[access][token]") {
  auto made = access::make_token();
  auto parts = split_token(made.token);
  REQUIRE(parts.has_value());
  CHECK(parts->id == made.id);
  CHECK(core::sha256(parts->secret) == made.secret_digest);
  CHECK(made.id.size() == 16);
  CHECK(core::from_hex(made.id).has_value());
}

TEST_CASE("tokens do not repeat and their secrets have 256 bits", "[access][token]") {
  std::set<std::string> ids, secrets;
  for (int i = 0; i < 1'000; ++i) {
    auto made = access::make_token();
    auto parts = split_token(made.token).value();
    ids.emplace(parts.id);
    secrets.emplace(parts.secret);
    CHECK(core::from_base64url(parts.secret).value().size() == 32);
  }
  CHECK(ids.size() == 1'000);
  CHECK(secrets.size() == 1'000);
}

TEST_CASE("what has not the shape of a token is none", "[access][token]") {
  std::string token = access::make_token().token;
  for (std::size_t length = 0; length < token.size(); ++length)
    CHECK_FALSE(split_token(token.substr(0, length)).has_value());
  CHECK_FALSE(split_token(token + "A").has_value());
  CHECK_FALSE(split_token("Tocsin_" + token.substr(7)).has_value());
  std::string dash = token;
  dash[7 + 16] = '-';
  CHECK_FALSE(split_token(dash).has_value());
}

TEST_CASE("Bearer and Token are taken in any case and with spaces around the token", "[access][token]") {
  for (char const* scheme : {"Bearer ", "bearer ", "BEARER   ", "Token ", "tOkEn "})
    for (char const* after : {"", "  "})
      for (bool basic : {false, true}) CHECK(token_of_header(std::string(scheme) + "abc" + after, basic) == "abc");
}

TEST_CASE("Basic gives its password with any user name and only where it is accepted", "[access][token]") {
  for (std::string user : {"", "user", "a b"}) {
    std::string header = "bAsIc " + core::to_base64(user + ":abc:d");
    CHECK(token_of_header(header, true) == "abc:d");
    CHECK_FALSE(token_of_header(header, false).has_value());
  }
  CHECK_FALSE(token_of_header("Basic " + core::to_base64("no colon"), true).has_value());
  CHECK_FALSE(token_of_header("Basic ***", true).has_value());
}

TEST_CASE("other schemes and headers without one give nothing", "[access][token]") {
  for (char const* header :
       {"", "Bearer", "abc", " Bearer abc", "Digest abc", "Bearertoken abc", "Bearer\tabc", "Negotiate abc"})
    CHECK_FALSE(token_of_header(header, true).has_value());
}
