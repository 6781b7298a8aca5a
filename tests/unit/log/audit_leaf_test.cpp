#include "schema/log/audit_leaf.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

core::Salt counting() {
  core::Salt salt{};
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(i);
  return salt;
}

}  // namespace

TEST_CASE("the leaf of an audit entry is the one that other implementations derive", "[log][audit]") {
  // Made with Python's hashlib and hmac.
  auto leaf = log::audit_leaf(counting(), R"({"action":"read","at":"2026-11-21T00:00:00.000000Z"})");
  CHECK(core::to_hex(core::view(leaf)) == "1e9d8543c1f312726b087a9100d1f976312274814e823b21484bbfb4a41da301");
}

TEST_CASE("another salt or entry gives another leaf", "[log][audit]") {
  core::Salt salt = counting(), other = counting();
  other[31] ^= 1;
  CHECK(log::audit_leaf(salt, "{}") != log::audit_leaf(other, "{}"));
  CHECK(log::audit_leaf(salt, "{}") != log::audit_leaf(salt, "{ }"));
}
