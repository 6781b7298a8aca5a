// How two instances come to know each other: the line that one sends, and the line it gets back. Each is a signed note
// of the sender's log key that holds its root key and manifest; nothing in it is secret. Values of their users; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/manifest.hpp"

namespace tocsin::log {

// An invitation, or the acceptance of one.
struct Introduction {
  struct Answered {
    core::Uuid id{};      // of the invitation
    core::Digest text{};  // SHA-256 of what the inviter signed
    friend bool operator==(Answered const&, Answered const&) = default;
  };

  core::Uuid id{};                  // random: no fingerprint can be known before both sides have made theirs
  std::optional<Answered> answers;  // of an acceptance
  std::uint64_t until_s = 0;        // POSIX time; an acceptance has that of its invitation
  VerifierKey root;                 // the sender's, of type `signature`
  std::string manifest;             // the sender's, as a note that `root` signed

  friend bool operator==(Introduction const&, Introduction const&) = default;
};

// The text of the note: one field a line.
[[nodiscard]] std::string format_introduction(Introduction const& introduction);
// Exactly what format_introduction writes; the manifest is not looked at. Errors: note_malformed, key_malformed.
[[nodiscard]] core::Result<Introduction> parse_introduction(std::string_view text);

// One line of "tocsin-peer-" and the note in base64url. Errors: those of open_manifest; note_unverified when `log` is
// not the manifest's log key.
[[nodiscard]] core::Result<std::string> write_introduction(Introduction const& introduction, SignerKey const& log);

struct OpenedIntroduction {
  Introduction introduction;
  Manifest manifest;
  std::string text;  // what was signed
};
// A line whose note the log key of its manifest signed, which its root key signed: whoever sent it has that key. Whose
// the root key is, only the fingerprint can tell. Errors: note_malformed, note_unverified, key_malformed.
[[nodiscard]] core::Result<OpenedIntroduction> open_introduction(std::string_view line);

// SHA-256 of an acceptance's text under a label. The text holds the invitation's digest, so both manifests, root keys
// and random ids are in it.
[[nodiscard]] core::Digest fingerprint(std::string_view acceptance_text);
// The first 128 bits as eight pronounceable words of 16 bits each (proquints): arXiv:0901.4016.
[[nodiscard]] std::string fingerprint_words(core::Digest const& fingerprint);

}  // namespace tocsin::log
