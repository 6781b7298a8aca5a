// Signed notes (C2SP signed-note) and timestamped cosignatures on them (C2SP tlog-cosignature, type 0x04).
// Values of their users; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::log {

constexpr std::size_t kMaxNoteBytes = 1'000'000, kMaxNoteSignatures = 100;  // those of Go's implementation

// One line "— name base64": whose it says it is, and what follows the key's number. Made by sign, cosign and parsing.
struct NoteSignature {
  std::string name;  // a key name
  std::uint32_t id = 0;
  std::string bytes;  // not empty

  friend bool operator==(NoteSignature const&, NoteSignature const&) = default;
};

// Lines alone, as a witness answers with. Error: note_malformed.
[[nodiscard]] core::Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

class Note {
 public:
  // Error: note_malformed unless the text is UTF-8, ends with a newline and has no other control character.
  [[nodiscard]] static core::Result<Note> from_text(std::string text);
  // A note with one signature at least; none is verified. What parses is the canonical form: format() gives it back.
  // Error: note_malformed.
  [[nodiscard]] static core::Result<Note> parse(std::string_view bytes);

  [[nodiscard]] std::string const& text() const { return text_; }
  [[nodiscard]] std::vector<NoteSignature> const& signatures() const { return signatures_; }
  // Error: note_malformed beyond kMaxNoteSignatures or kMaxNoteBytes.
  [[nodiscard]] core::Result<void> add(NoteSignature signature);
  [[nodiscard]] std::string format() const;

  friend bool operator==(Note const&, Note const&) = default;

 private:
  std::string text_;
  std::vector<NoteSignature> signatures_;
};

// By a key of type `signature`, over the text.
[[nodiscard]] NoteSignature sign(SignerKey const& key, std::string_view text);
// By a key of type `cosignature`: "this is the largest consistent tree I had seen at `time_s`" (seconds of POSIX time,
// < 2^63). Both throw std::logic_error for a key of the other type: it would state something else than the caller
// means.
[[nodiscard]] NoteSignature cosign(SignerKey const& key, std::string_view text, std::uint64_t time_s);

struct Verified {
  std::size_t key = 0;                  // index into the keys given
  std::optional<std::uint64_t> time_s;  // of a cosignature; the latest when there are several

  friend bool operator==(Verified const&, Verified const&) = default;
};

// One element a key that signed, in the order of the keys. Lines of keys not given are ignored; a line that names a
// given key and does not verify refuses the whole note. Of keys with one name and number the first counts. Error:
// note_unverified, also when no given key signed.
[[nodiscard]] core::Result<std::vector<Verified>> verify_note(Note const& note, std::span<VerifierKey const> keys);

}  // namespace tocsin::log
