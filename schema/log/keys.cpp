#include "schema/log/keys.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "schema/core/digest.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kPrivate = "PRIVATE+KEY+";

// What Unicode calls White_Space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> kSpaces{
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
    "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
    "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::key_malformed, std::move(detail), {},
                    "Copy the key's text again, whole and unchanged.");
}

std::string typed(KeyType type, std::string_view key) {
  std::string out(1, static_cast<char>(type));
  out += key;
  return out;
}

std::uint32_t key_id(std::string_view name, KeyType type, PublicKey const& key) {
  core::Digest const hash = core::Sha256().update(name).update("\n").update(typed(type, core::view(key))).finish();
  return std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 | std::uint32_t{hash[2]} << 8 | hash[3];
}

std::string hex_of(std::uint32_t id) {
  std::array<std::uint8_t, 4> const bytes{static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
                                          static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
  return core::to_hex(core::view(bytes));
}

std::string joined(VerifierKey const& key, std::string_view typed_key) {
  return key.name() + "+" + hex_of(key.id()) + "+" + core::to_base64(typed_key);
}

// "name+number+base64", cut at the first two '+' only: base64 has some too.
struct Parts {
  std::string_view name, id;
  KeyType type{};
  std::array<std::uint8_t, 32> key{};
};

std::optional<Parts> cut(std::string_view text) {
  Parts out;
  auto const first = text.find('+');
  auto const second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  out.name = text.substr(0, first);
  out.id = text.substr(first + 1, second - first - 1);
  auto bytes = core::from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 1 + out.key.size()) return std::nullopt;
  out.type = static_cast<KeyType>((*bytes)[0]);
  std::copy(bytes->begin() + 1, bytes->end(), out.key.begin());
  OPENSSL_cleanse(bytes->data(), bytes->size());  // it may be a seed
  if (out.type != KeyType::signature && out.type != KeyType::cosignature) return std::nullopt;
  return out;
}

}  // namespace

bool is_key_name(std::string_view name) {
  auto const forbidden = [](char c) { return static_cast<std::uint8_t>(c) <= 0x20 || c == '+'; };
  if (name.empty() || !core::is_utf8(name) || std::ranges::any_of(name, forbidden)) return false;
  return std::ranges::none_of(kSpaces, [&](std::string_view space) { return name.contains(space); });
}

VerifierKey::VerifierKey(std::string name, KeyType type, PublicKey const& key)
    : name_(std::move(name)), type_(type), key_(key), id_(key_id(name_, type, key)) {}

core::Result<VerifierKey> VerifierKey::make(std::string name, KeyType type, PublicKey const& key) {
  if (!is_key_name(name))
    return core::fail(core::Code::key_malformed, "A key's name is empty or has a space, a control character or a '+'.");
  return VerifierKey(std::move(name), type, key);
}

core::Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  auto const parts = cut(text);
  if (!parts) return malformed("A public key is not of the form name+number+base64 of an Ed25519 key.");
  auto key = make(std::string(parts->name), parts->type, parts->key);
  if (key && hex_of(key->id()) != parts->id) return malformed("A public key does not have the number it should have.");
  return key;
}

std::string VerifierKey::text() const { return joined(*this, typed(type_, core::view(key_))); }

core::Result<SignerKey> SignerKey::make(std::string name, KeyType type, SigningKey key) {
  auto verifier = VerifierKey::make(std::move(name), type, key.public_key());
  if (!verifier) return std::unexpected(verifier.error());
  return SignerKey(std::move(*verifier), std::move(key));
}

core::Result<SignerKey> SignerKey::parse(std::string_view text) {
  if (!text.starts_with(kPrivate)) return malformed("A private key does not begin with PRIVATE+KEY+.");
  auto parts = cut(text.substr(kPrivate.size()));
  if (!parts) return malformed("A private key is not of the form PRIVATE+KEY+name+number+base64 of an Ed25519 seed.");
  auto signer = make(std::string(parts->name), parts->type, SigningKey::from_seed(parts->key));
  wipe(parts->key);
  if (signer && hex_of(signer->verifier().id()) != parts->id)
    return malformed("A private key does not have the number it should have.");
  return signer;
}

core::Result<SignerKey> SignerKey::named(std::string name) const {
  Seed seed = key_.seed();
  auto out = make(std::move(name), verifier_.type(), SigningKey::from_seed(seed));
  wipe(seed);
  return out;
}

std::string SignerKey::text() const {
  Seed seed = key_.seed();
  std::string bytes = typed(verifier_.type(), core::view(seed));
  std::string out(kPrivate);
  out += joined(verifier_, bytes);
  wipe(seed);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return out;
}

}  // namespace tocsin::log
