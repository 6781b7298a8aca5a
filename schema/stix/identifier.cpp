#include "schema/stix/identifier.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>

namespace tocsin::stix {
namespace {

constexpr std::size_t kUuidLength = 36;
constexpr std::size_t kShortestType = 3, kLongestType = 250;

std::unexpected<core::Error> invalid(std::string sentence, std::string remedy) {
  return core::fail(core::Code::id_invalid, std::move(sentence), {}, std::move(remedy));
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

core::Result<Identifier> Identifier::parse(std::string_view text) {
  constexpr char const* kForm =
      "Write the type, two dashes and a UUID, as in indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f.";
  auto dashes = text.find("--");
  if (dashes == std::string_view::npos)
    return invalid("The identifier has no two dashes between type and UUID.", kForm);
  auto type = text.substr(0, dashes);
  if (!is_type_name(type)) {
    return invalid("The identifier does not begin with a type name.",
                   "A type name has 3 to 250 of the characters a-z, 0-9 and single dashes, and begins with a letter.");
  }
  auto rest = text.substr(dashes + 2);
  if (rest.size() != kUuidLength) {
    return invalid("The part after the two dashes has " + std::to_string(rest.size()) + " characters; a UUID has 36.",
                   kForm);
  }
  auto uuid = core::parse_uuid(rest);
  if (!uuid) return invalid("The part after the two dashes is not a UUID.", kForm);
  return Identifier(std::string(text), *uuid);
}

Identifier Identifier::make(std::string_view type, core::Uuid const& uuid) {
  assert(is_type_name(type));
  return {std::string(type) + "--" + core::to_text(uuid), uuid};
}

bool is_type_name(std::string_view text) {
  if (text.size() < kShortestType || text.size() > kLongestType) return false;
  if (!is_letter(text.front()) || text.back() == '-' || text.contains("--")) return false;
  return std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

core::Uuid uuid_v5(core::Uuid const& name_space, std::string_view name) {
  std::string message(core::view(name_space));
  message += name;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash;
  // RFC 4122 prescribes SHA-1; fetched once, since EVP_sha1() would look it up on every use (OpenSSL 3.0).
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  if (sha1 == nullptr || EVP_Digest(message.data(), message.size(), hash.data(), nullptr, sha1, nullptr) != 1) {
    throw std::runtime_error("OpenSSL offers no SHA-1");
  }
  core::Uuid out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0F) | 0x50);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3F) | 0x80);
  return out;
}

}  // namespace tocsin::stix
