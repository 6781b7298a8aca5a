// Ed25519 (RFC 8032) over OpenSSL. Keys are values of their users; the functions may be called from any thread.
// Verification is OpenSSL's: S and R must be canonical, no multiplication by the cofactor. Two peers whose rules differ
// can disagree about a log, so the rule is pinned by tests.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

struct evp_pkey_st;

namespace tocsin::log {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;
using Seed = std::array<std::uint8_t, 32>;  // a private key; secret

class SigningKey {
 public:
  [[nodiscard]] static SigningKey from_seed(Seed const& seed);
  [[nodiscard]] static SigningKey generate();

  [[nodiscard]] PublicKey const& public_key() const { return public_key_; }
  [[nodiscard]] Signature sign(std::string_view message) const;
  // The secret itself, to be stored; the caller wipes it.
  [[nodiscard]] Seed seed() const;

 private:
  explicit SigningKey(evp_pkey_st* key);

  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;  // OpenSSL wipes it when it frees it
  PublicKey public_key_;
};

[[nodiscard]] bool verify(PublicKey const& key, std::string_view message, Signature const& signature);

// Overwrites a secret so that the compiler cannot leave it out.
void wipe(Seed& seed);

}  // namespace tocsin::log
