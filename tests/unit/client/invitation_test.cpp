#include "clients/cpp/invitation.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

std::string const kToken = "tocsin_0123456789abcdef_" + std::string(43, 'A');
std::string const kDigest = std::string(62, '0') + "ab";

TEST_CASE("An invitation names a server, a token and the digest of an authority", "[client][invitation]") {
  auto read = parse_invitation("https://hub.example:8443#" + kToken + "." + kDigest + "\n");
  REQUIRE(read);
  CHECK(read->url == "https://hub.example:8443");
  CHECK(read->token == kToken);
  REQUIRE(read->authority);
  CHECK(core::to_hex(core::view(*read->authority)) == kDigest);
}

TEST_CASE("An invitation without a digest leaves the authority to the system", "[client][invitation]") {
  auto read = parse_invitation("  https://hub.example#" + kToken);
  REQUIRE(read);
  CHECK_FALSE(read->authority);
}

TEST_CASE("What is no invitation is refused in a sentence that repeats none of it", "[client][invitation]") {
  for (std::string const& line : std::initializer_list<std::string>{
           "", kToken, "http://hub.example#" + kToken, "https://hub.example", "https://hub.example#",
           "https://hub.example#secret", "https://hub.example#" + kToken + ".", "https://hub.example#" + kToken + ".ab",
           "https://hub.example#" + kToken + "." + kDigest + "00", "https://hub.example#" + kToken + " x"}) {
    auto read = parse_invitation(line);
    REQUIRE_FALSE(read);
    CHECK(read.error().exit == Exit::local);
    CHECK_FALSE(read.error().message.contains("0123456789abcdef"));
    CHECK_FALSE(read.error().message.contains("secret"));
  }
}

}  // namespace
}  // namespace tocsin::client
