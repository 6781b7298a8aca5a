// Named keys of signed notes and their text forms (C2SP signed-note). A key's number is taken from its name, type and
// public key, so a text that was changed anywhere does not parse. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "schema/core/result.hpp"
#include "schema/log/ed25519.hpp"

namespace tocsin::log {

enum class KeyType : std::uint8_t {
  signature = 0x01,    // Ed25519 over the note's text
  cosignature = 0x04,  // Ed25519 over a time and the note's text (C2SP tlog-cosignature)
};

// Not empty, UTF-8, no Unicode space, no control character, no '+'. The origin of a log obeys the same rule.
[[nodiscard]] bool is_key_name(std::string_view name);

class VerifierKey {
 public:
  // Error: key_malformed when the name is no key name.
  [[nodiscard]] static core::Result<VerifierKey> make(std::string name, KeyType type, PublicKey const& key);
  // "name+c74f20a3+ARpc…": name, number in lower-case hex, base64 of type and public key. Error: key_malformed.
  [[nodiscard]] static core::Result<VerifierKey> parse(std::string_view text);

  [[nodiscard]] std::string const& name() const { return name_; }
  [[nodiscard]] KeyType type() const { return type_; }
  [[nodiscard]] PublicKey const& public_key() const { return key_; }
  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] std::string text() const;

  friend bool operator==(VerifierKey const&, VerifierKey const&) = default;

 private:
  VerifierKey(std::string name, KeyType type, PublicKey const& key);

  std::string name_;
  KeyType type_;
  PublicKey key_;
  std::uint32_t id_;  // the first four bytes of SHA-256(name || LF || type || key)
};

class SignerKey {
 public:
  // Error: key_malformed when the name is no key name.
  [[nodiscard]] static core::Result<SignerKey> make(std::string name, KeyType type, SigningKey key);
  // "PRIVATE+KEY+name+c74f20a3+AYEK…": the form of Go's x/mod/sumdb/note; the last part is type and seed. The number is
  // that of the public key. Error: key_malformed, which tells nothing of the key.
  [[nodiscard]] static core::Result<SignerKey> parse(std::string_view text);

  // The same pair of keys under another name, and so with another number. Error: key_malformed.
  [[nodiscard]] core::Result<SignerKey> named(std::string name) const;

  [[nodiscard]] VerifierKey const& verifier() const { return verifier_; }
  [[nodiscard]] Signature sign(std::string_view message) const { return key_.sign(message); }
  [[nodiscard]] std::string text() const;  // secret

 private:
  SignerKey(VerifierKey verifier, SigningKey key) : verifier_(std::move(verifier)), key_(std::move(key)) {}

  VerifierKey verifier_;
  SigningKey key_;
};

}  // namespace tocsin::log
