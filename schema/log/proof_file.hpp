// One entry of a log as a file that shows by itself that the log has it (C2SP tlog-proof): where it is, the way from
// there to the root, and the checkpoint with that root. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/log/proofs.hpp"

namespace tocsin::log {

struct ProofFile {
  std::string extra;  // of the log's own; in proofs of the data log an Opening. "": none
  std::uint64_t index = 0;
  Proof path;
  std::string checkpoint;  // a signed note

  // "c2sp.org/tlog-proof@v1", `extra`, `index`, the hashes of the path in base64, each a line; a blank one; the note.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes; nothing is verified. Errors: proof_invalid; note_malformed.
  [[nodiscard]] static core::Result<ProofFile> parse(std::string_view text);
  // Does a text look like one?
  [[nodiscard]] static bool begins(std::string_view text);

  friend bool operator==(ProofFile const&, ProofFile const&) = default;
};

}  // namespace tocsin::log
