// A checkpoint that somebody hands a witness to cosign (C2SP tlog-witness, add-checkpoint), with the proof that it goes
// on from the one that the witness saw last. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/log/proofs.hpp"

namespace tocsin::log {

struct Submission {
  std::uint64_t old_size = 0;
  Proof proof;
  std::string checkpoint;  // a signed note

  // "old SIZE", the hashes of the proof in base64, each a line; a blank one; the note.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes; nothing is verified. Errors: proof_invalid; note_malformed.
  [[nodiscard]] static core::Result<Submission> parse(std::string_view text);

  friend bool operator==(Submission const&, Submission const&) = default;
};

}  // namespace tocsin::log
