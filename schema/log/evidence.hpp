// Two statements of one log that contradict each other, as a file that shows by itself that the log's key signed both:
// one size with two roots, or a tree that does not begin with the one that was signed before. Whoever has the log's
// public key checks it, without any server. Values of their users; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/keys.hpp"
#include "schema/log/proofs.hpp"

namespace tocsin::log {

struct Evidence {
  // That the tree of `second` begins with another tree than that of `first`: its root at the first one's size, and the
  // proof that it goes on from there.
  struct Beginning {
    core::Digest root{};
    Proof proof;
    friend bool operator==(Beginning const&, Beginning const&) = default;
  };

  VerifierKey log;                     // that signed both, as the file says; a reader has it from elsewhere
  std::string first, second;           // the notes; the second is not of a smaller size
  std::optional<Beginning> beginning;  // when it is of a larger one

  // A title, then one field a line: `log`, `first` and `second` in base64, `root` and each `proof` in base64.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes; nothing is verified. Errors: proof_invalid, key_malformed, note_malformed.
  [[nodiscard]] static core::Result<Evidence> parse(std::string_view text);
  // Does a text look like one?
  [[nodiscard]] static bool begins(std::string_view text);

  friend bool operator==(Evidence const&, Evidence const&) = default;
};

// What the two say, which cannot both be true.
struct Contradiction {
  Checkpoint first, second;

  [[nodiscard]] bool one_size() const { return first.size == second.size; }
};
// Signatures are not looked at. Errors: proof_invalid when the two do not contradict each other, or it is not shown;
// note_malformed, checkpoint_malformed.
[[nodiscard]] core::Result<Contradiction> contradiction_of(Evidence const& evidence);

// The same, when `log` signed both. Errors: also those of open_checkpoint.
[[nodiscard]] core::Result<Contradiction> verify_evidence(Evidence const& evidence, VerifierKey const& log);

}  // namespace tocsin::log
