#include "schema/log/ed25519.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>

#include "schema/core/digest.hpp"

namespace tocsin::log {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

void check(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL Ed25519 failed");
}

Context new_context() {
  Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  check(context != nullptr);
  return context;
}

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

}  // namespace

void SigningKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

SigningKey::SigningKey(evp_pkey_st* key) : key_(key) {
  check(key_ != nullptr);
  std::size_t size = public_key_.size();
  check(EVP_PKEY_get_raw_public_key(key_.get(), public_key_.data(), &size) == 1 && size == public_key_.size());
}

SigningKey SigningKey::from_seed(Seed const& seed) {
  return SigningKey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

SigningKey SigningKey::generate() {
  Seed seed;
  core::random_bytes(seed);
  SigningKey key = from_seed(seed);
  wipe(seed);
  return key;
}

Signature SigningKey::sign(std::string_view message) const {
  Context const context = new_context();
  Signature out;
  std::size_t size = out.size();
  check(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  check(EVP_DigestSign(context.get(), out.data(), &size, bytes_of(message), message.size()) == 1 && size == out.size());
  return out;
}

Seed SigningKey::seed() const {
  Seed out;
  std::size_t size = out.size();
  check(EVP_PKEY_get_raw_private_key(key_.get(), out.data(), &size) == 1 && size == out.size());
  return out;
}

bool verify(PublicKey const& key, std::string_view message, Signature const& signature) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free);
  check(public_key != nullptr);
  Context const context = new_context();
  check(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(message), message.size()) == 1;
}

void wipe(Seed& seed) { OPENSSL_cleanse(seed.data(), seed.size()); }

}  // namespace tocsin::log
