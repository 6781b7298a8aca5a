#include "server/app/keys.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::app {

std::string make_signing_key(std::string_view name) {
  core::Salt seed = core::random_salt();
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free);
  std::array<unsigned char, 32> public_key{};
  std::size_t length = public_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), public_key.data(), &length) != 1)
    throw std::runtime_error("Ed25519 failed");
  // The key id of a signed note: the first four bytes of SHA-256(name || LF || type || public key).
  core::Sha256 hash;
  core::Digest id = hash.update(name).update("\n\x01").update(core::view(public_key)).finish();
  return "PRIVATE+KEY+" + std::string(name) + "+" + core::to_hex(core::view(id).substr(0, 4)) + "+" +
         core::to_base64("\x01" + std::string(core::view(seed))) + "\n";
}

std::string make_secret_key() {
  core::Salt key = core::random_salt();
  return core::to_hex(core::view(key)) + "\n";
}

}  // namespace tocsin::app
