// What is verified of a file, step by step, and how each step came out. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/keys.hpp"
#include "schema/log/opening.hpp"
#include "schema/log/proof_file.hpp"

namespace tocsin::client {

struct Step {
  enum class Result { holds, fails, unknown };  // unknown: nobody said what to hold it against

  std::string what;  // a word or two
  Result result = Result::holds;
  std::string detail;  // printable
};
using Steps = std::vector<Step>;

// Everything holds.
[[nodiscard]] bool all_hold(Steps const& steps);

// A second as a cosignature says it, in RFC 3339.
[[nodiscard]] std::string second_text(std::uint64_t seconds);

// Whom one trusts.
struct TrustedKeys {
  std::optional<log::VerifierKey> log;      // of type `signature`
  std::vector<log::VerifierKey> witnesses;  // of type `cosignature`
};

// The object of a proof, and what its bytes, salt and commitments come to: is that the entry at its place in the log,
// did the log's key sign the checkpoint, and which witnesses saw it when? Error: proof_invalid, of a proof without an
// opening.
[[nodiscard]] core::Result<Steps> verify_proof(log::ProofFile const& proof, TrustedKeys const& keys);

// Whether the proof leads from the leaf to the root of its checkpoint.
[[nodiscard]] Step inclusion_step(log::ProofFile const& proof, core::Digest const& leaf,
                                  log::Checkpoint const& checkpoint);

// The opening in a proof of a log of an instance. Error: proof_invalid.
[[nodiscard]] core::Result<log::Opening> opening_of(log::ProofFile const& proof);

}  // namespace tocsin::client
