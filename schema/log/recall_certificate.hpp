// What shows to anybody that an instance recalled something, and who said that he applied it: proofs that its control
// log has the entry, under checkpoints that peers cosigned. Values of their users; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/proof_file.hpp"

namespace tocsin::log {

struct RecallCertificate {
  std::vector<std::string> outstanding;  // names of peers that had not said so when it was made, ascending
  // Of one entry, whose Opening each has in `extra`; at least one, each under another checkpoint.
  std::vector<ProofFile> proofs;
  // What relays said last of those behind them: notes as schema/log/dependents.hpp has them, ascending.
  std::vector<std::string> of_dependents;

  // A title that names the kind and its version, a line `outstanding NAME` each, a line `dependents BASE64` each, a
  // line `proof BASE64` each.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes; nothing is verified. Errors: proof_invalid, note_malformed.
  [[nodiscard]] static core::Result<RecallCertificate> parse(std::string_view text);
  // Does a text look like one?
  [[nodiscard]] static bool begins(std::string_view text);

  friend bool operator==(RecallCertificate const&, RecallCertificate const&) = default;
};

constexpr std::size_t kMostCertified = 1'000;  // proofs, statements, and peers that are outstanding

}  // namespace tocsin::log
