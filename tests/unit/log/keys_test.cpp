#include "schema/log/keys.hpp"

#include "schema/core/bytes.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kPeter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

template <std::size_t N>
std::array<std::uint8_t, N> filled(std::uint8_t value) {
  std::array<std::uint8_t, N> out;
  out.fill(value);
  return out;
}

TEST_CASE("public keys of other implementations are read and written back", "[log][keys]") {
  for (std::string_view text :
       {kPeter, std::string_view("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        std::string_view("witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"),
        std::string_view("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")}) {
    auto const key = VerifierKey::parse(text);
    REQUIRE(key.has_value());
    CHECK(key->text() == text);
  }
  auto const peter = VerifierKey::parse(kPeter).value();
  CHECK(peter.name() == "PeterNeumann");
  CHECK(peter.id() == 0xc74f20a3);
  CHECK(peter.type() == KeyType::signature);
  CHECK(core::to_hex(core::view(peter.public_key())) ==
        "1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6");
}

TEST_CASE("a key made from a seed has the published text", "[log][keys]") {
  auto const log =
      SignerKey::make("peer-a.example.org/log", KeyType::signature, SigningKey::from_seed(filled<32>(1))).value();
  CHECK(log.verifier().text() == "peer-a.example.org/log+05286044+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
  auto const witness =
      SignerKey::make("witness.example.net/w1", KeyType::cosignature, SigningKey::from_seed(filled<32>(2))).value();
  CHECK(witness.verifier().text() == "witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU");
}

TEST_CASE("one key has other numbers under another name or type", "[log][keys]") {
  auto const id = [](std::string name, KeyType type) {
    return VerifierKey::make(std::move(name), type, filled<32>(9)).value().id();
  };
  CHECK(id("a", KeyType::signature) != id("a", KeyType::cosignature));
  CHECK(id("a", KeyType::signature) != id("b", KeyType::signature));
}

TEST_CASE("Go's private key text is read and written back", "[log][keys]") {
  auto const seed = core::from_hex("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173").value();
  std::string const text = "PRIVATE+KEY+PeterNeumann+c74f20a3+" + core::to_base64("\x01" + seed);
  auto const key = SignerKey::parse(text);
  REQUIRE(key.has_value());
  CHECK(key->verifier().text() == kPeter);
  CHECK(key->text() == text);
  auto const cosigner = SignerKey::make("w", KeyType::cosignature, SigningKey::from_seed(filled<32>(3))).value();
  CHECK(SignerKey::parse(cosigner.text()).value().verifier() == cosigner.verifier());
}

template <class Key>
void require_every_change_is_refused(std::string const& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = text;
      changed[at] = static_cast<char>(value);
      if (changed == text) continue;
      auto const key = Key::parse(changed);
      if (key) FAIL("accepted: " << changed);
      REQUIRE(key.error().code == core::Code::key_malformed);
    }
  }
  for (std::size_t first = 0; first < text.size(); ++first) {
    for (std::size_t length = 0; length <= text.size() - first; ++length) {
      if (length != text.size()) REQUIRE_FALSE(Key::parse(text.substr(first, length)));
    }
  }
  CHECK_FALSE(Key::parse(text + "\n"));
  CHECK_FALSE(Key::parse(" " + text));
}

TEST_CASE("every change of a byte of a public key's text, and every part of it, is refused", "[log][keys]") {
  require_every_change_is_refused<VerifierKey>(std::string(kPeter));
}

TEST_CASE("every change of a byte of a private key's text, and every part of it, is refused", "[log][keys]") {
  require_every_change_is_refused<SignerKey>(
      SignerKey::make("log", KeyType::signature, SigningKey::from_seed(filled<32>(7))).value().text());
}

TEST_CASE("keys of types not spoken here, and of other lengths, are refused", "[log][keys]") {
  for (std::uint8_t type : {0x00, 0x02, 0x05, 0x06, 0xff}) {
    auto const key = VerifierKey::make("a", static_cast<KeyType>(type), filled<32>(9)).value();
    CHECK_FALSE(VerifierKey::parse(key.text()));  // its number is right, its type is unknown
  }
  CHECK_FALSE(VerifierKey::parse("a+00000000+"));
  CHECK_FALSE(VerifierKey::parse("a+00000000+" + core::to_base64(std::string(34, '\x01'))));
}

TEST_CASE("a refused private key is not repeated in the error", "[log][keys]") {
  auto const text = SignerKey::make("log", KeyType::signature, SigningKey::from_seed(filled<32>(7))).value().text();
  std::string changed = text;
  changed[16] = changed[16] == '0' ? '1' : '0';  // a digit of its number
  auto const refusal = SignerKey::parse(changed);
  REQUIRE_FALSE(refusal.has_value());
  CHECK_FALSE(refusal.error().detail.contains(text.substr(25)));
  CHECK_FALSE(refusal.error().remedy.contains(text.substr(25)));
}

TEST_CASE("a key's name has neither spaces nor control characters nor a plus", "[log][keys]") {
  CHECK(is_key_name("peer-a.example.org/log"));
  CHECK(is_key_name("zürich.example/日誌"));
  for (auto name : {"", " ", "a b", "a+b", "a\tb", "a\nb", "a\x7f\x01", "a\xC2\x85", "a\xC2\xA0z", "\xE1\x9A\x80",
                    "\xE2\x80\x83", "x\xE2\x80\xA8", "\xE2\x80\xAF", "\xE2\x81\x9F", "a\xE3\x80\x80", "\xFF", "\xC3"}) {
    INFO(core::to_hex(name));
    CHECK_FALSE(is_key_name(name));
    CHECK_FALSE(VerifierKey::make(name, KeyType::signature, filled<32>(9)).has_value());
  }
}

}  // namespace
}  // namespace tocsin::log
