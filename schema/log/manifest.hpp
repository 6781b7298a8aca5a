// The manifest of an instance: its logs, keys and addresses, and for whom it speaks, as a signed note of its root key.
// Values of their users; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {

// Origins and key names of an instance are made of its data log's: that of the control log, of the key that cosigns its
// own checkpoints, of the one that cosigns those of peers, and of the one that says what it applied.
[[nodiscard]] std::string control_origin(std::string const& origin);
[[nodiscard]] std::string freshness_name(std::string const& origin);
[[nodiscard]] std::string witness_name(std::string const& origin);
[[nodiscard]] std::string applied_name(std::string const& origin);

struct Manifest {
  std::uint64_t version = 0;                // from 1 on; a higher one takes the place of a lower
  std::uint64_t expires_s = 0;              // POSIX time
  VerifierKey log;                          // of type `signature`, named as the origin of the data log
  VerifierKey freshness, witness, applied;  // of type `cosignature`, with the names above; four different keys
  std::string url;                          // https://HOST[:PORT], where peers reach it
  std::vector<core::Digest> tls_pins;       // SHA-256 of public key info, ascending, 1 to 8
  std::vector<std::string> identities;      // identity--UUID, ascending, at most 64

  [[nodiscard]] std::string const& origin() const { return log.name(); }
  friend bool operator==(Manifest const&, Manifest const&) = default;
};

constexpr std::size_t kMostPins = 8, kMostIdentities = 64, kLongestUrl = 256;

// The text of the note: a title that names the kind and its version, then one field a line, pins and identities a line
// each.
[[nodiscard]] std::string format_manifest(Manifest const& manifest);
// Exactly what format_manifest writes. Errors: note_malformed, key_malformed.
[[nodiscard]] core::Result<Manifest> parse_manifest(std::string_view text);

// Errors: note_malformed when the manifest breaks a rule above.
[[nodiscard]] core::Result<Note> sign_manifest(Manifest const& manifest, SignerKey const& root);
// A manifest that `root` signed. Whether it has expired is the caller's question. Errors: note_malformed,
// note_unverified, key_malformed.
[[nodiscard]] core::Result<Manifest> open_manifest(std::string_view note, VerifierKey const& root);

// Whether `next` may take the place of `now`: a higher version of the same origin. Error: conflict.
[[nodiscard]] core::Result<void> check_successor(Manifest const& now, Manifest const& next);

}  // namespace tocsin::log
