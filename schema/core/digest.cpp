#include "schema/core/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tocsin::core {
namespace {

EVP_MD const* sha256_method() {
  // An explicit fetch: EVP_sha256() would look the implementation up on every use (OpenSSL 3.0).
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (method == nullptr) throw std::runtime_error("OpenSSL offers no SHA-256");
  return method;
}

void check(int ok) {
  if (ok != 1) throw std::runtime_error("OpenSSL digest failed");
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
  check(EVP_DigestInit_ex2(context_, sha256_method(), nullptr));
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

Sha256& Sha256::update(std::string_view bytes) {
  check(EVP_DigestUpdate(context_, bytes.data(), bytes.size()));
  return *this;
}

Digest Sha256::finish() {
  Digest out;
  check(EVP_DigestFinal_ex(context_, out.data(), nullptr));
  check(EVP_DigestInit_ex2(context_, nullptr, nullptr));
  return out;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hash;
  return hash.update(bytes).finish();
}

Digest hmac_sha256(std::string_view key, std::span<std::string_view const> parts) {
  constexpr std::size_t kBlock = 64;
  thread_local Sha256 hash;
  std::array<char, kBlock> inner{}, outer{};
  Digest hashed_key;
  if (key.size() > kBlock) {
    hashed_key = sha256(key);
    key = view(hashed_key);
  }
  std::ranges::copy(key, inner.begin());
  std::ranges::copy(key, outer.begin());
  for (std::size_t i = 0; i < kBlock; ++i) {
    inner[i] = static_cast<char>(inner[i] ^ 0x36);
    outer[i] = static_cast<char>(outer[i] ^ 0x5c);
  }
  hash.update({inner.data(), kBlock});
  for (auto part : parts) hash.update(part);
  Digest digest = hash.finish();
  return hash.update({outer.data(), kBlock}).update(view(digest)).finish();
}

void random_bytes(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) throw std::runtime_error("no random bytes");
}

Salt random_salt() {
  Salt out;
  random_bytes(out);
  return out;
}

Uuid random_uuid() {
  Uuid out;
  random_bytes(out);
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0F) | 0x40);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3F) | 0x80);
  return out;
}

Uuid time_ordered_uuid(std::int64_t now_us) {
  Uuid out;
  random_bytes(out);
  auto milliseconds = static_cast<std::uint64_t>(now_us / 1'000);
  for (int i = 0; i < 6; ++i)
    out[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0F) | 0x70);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3F) | 0x80);
  return out;
}

}  // namespace tocsin::core
