#include "schema/kinds/canary_commitment.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace tocsin::kinds {
namespace {

core::Salt counting(int first, int step) {
  core::Salt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(first + step * static_cast<int>(i));
  return salt;
}

std::string hex(core::Salt const& salt, std::string_view secret) {
  return core::to_hex(core::view(canary_commitment(salt, secret)));
}

// Computed with Python's hmac; docs/canaries.md has them too.
TEST_CASE("commitments of canaries are those of the published vectors", "[kinds][canary]") {
  CHECK(hex(counting(0, 1), "") == "5eb5c09fc6c6541674b70a6df4b6fc8b0f38ad39db9fc0f19bf79d44f71657e1");
  CHECK(hex(counting(0, 1), "Which river flows under the bridge of Avalon?\n") ==
        "0c26ce84b7fa96f2d06168a9bf2f95f9f7ab6cc41ac883519e7a8f3ea3cf09ce");
  CHECK(hex(counting(31, -1), "a") == "cc655f5ee5886cfe4b7cc4543f5d7782435ceb05f7f1fa4cb2bb671ea6cabc8a");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  CHECK(hex(counting(255, 0), every) == "a64c2d4dcffeb4151efd249ee2800480fd65bdaf2322a407753d0deb971cbb32");
}

TEST_CASE("another salt or another secret is another commitment of a canary", "[kinds][canary]") {
  auto const committed = hex(counting(0, 1), "secret");
  CHECK(hex(counting(0, 1), "secret") == committed);
  CHECK(hex(counting(1, 1), "secret") != committed);
  CHECK(hex(counting(0, 1), "secret\n") != committed);
}

}  // namespace
}  // namespace tocsin::kinds
