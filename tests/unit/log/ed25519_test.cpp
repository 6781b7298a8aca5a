#include "schema/log/ed25519.hpp"

#include "schema/core/bytes.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> bytes(std::string_view hex) {
  return core::to_array<N>(core::from_hex(hex).value()).value();
}

TEST_CASE("Ed25519 agrees with the vectors of RFC 8032", "[log][ed25519]") {
  struct Vector {
    char const *seed, *key, *message, *signature;
  };
  for (auto const& [seed, key, message, signature] :
       {Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
               "d25bf5f0595bbe24655141438e7a100b"},
        Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
               "387b2eaeb4302aeeb00d291612bb0c00"}}) {
    auto const signing = SigningKey::from_seed(bytes<32>(seed));
    auto const text = core::from_hex(message).value();
    CHECK(signing.public_key() == bytes<32>(key));
    CHECK(signing.sign(text) == bytes<64>(signature));
    CHECK(verify(bytes<32>(key), text, bytes<64>(signature)));
    CHECK_FALSE(verify(bytes<32>(key), text + "x", bytes<64>(signature)));
    CHECK(signing.seed() == bytes<32>(seed));
  }
}

TEST_CASE("no signature with one bit changed verifies", "[log][ed25519]") {
  auto const key = SigningKey::generate();
  auto signature = key.sign("message");
  CHECK(verify(key.public_key(), "message", signature));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    signature[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(verify(key.public_key(), "message", signature));
    signature[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
}

TEST_CASE("a key is generated anew each time", "[log][ed25519]") {
  CHECK(SigningKey::generate().public_key() != SigningKey::generate().public_key());
}

TEST_CASE("a signature whose S is not reduced is refused", "[log][ed25519]") {
  auto const key = SigningKey::generate();
  auto signature = key.sign("message");
  // S + L stands for the same number as S; L = 2^252 + 27742317777372353535851937790883648493.
  auto const order = bytes<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += unsigned{signature[32 + i]} + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  REQUIRE(carry == 0);
  CHECK_FALSE(verify(key.public_key(), "message", signature));
}

TEST_CASE("points of small order are judged by the equation without cofactor", "[log][ed25519]") {
  std::string const one = "01" + std::string(62, '0'), zero(64, '0');
  PublicKey const neutral = bytes<32>(one);
  CHECK(verify(neutral, "message", bytes<64>(one + zero)));          // 0·B = R + k·A with R = A = the neutral element
  std::string const order_two = "ec" + std::string(60, 'f') + "7f";  // (0, -1)
  CHECK_FALSE(verify(neutral, "message", bytes<64>(order_two + zero)));  // would pass after multiplying by 8
  std::string const unreduced = "ee" + std::string(60, 'f') + "7f";  // p + 1: the neutral element, written otherwise
  CHECK_FALSE(verify(neutral, "message", bytes<64>(unreduced + zero)));
}

TEST_CASE("bytes that are no point on the curve verify nothing", "[log][ed25519]") {
  auto const key = bytes<32>("02" + std::string(62, '0'));
  CHECK_FALSE(verify(key, "message", SigningKey::generate().sign("message")));
}

}  // namespace
}  // namespace tocsin::log
