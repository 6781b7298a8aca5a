// A revealed canary as a file: what was planted, its salt, and the proof that the commitment was in a log. Values of
// their users; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clients/cpp/verification/steps.hpp"
#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::client {

struct RevealedCanary {
  std::string commitment;  // 64 digits
  core::Salt salt{};
  std::string secret;
  std::string indicator;             // its id
  std::optional<std::string> proof;  // the text of a proof file; absent when the canary is in no log

  // JSON: docs/canaries.md.
  [[nodiscard]] std::string text() const;
  // Error: proof_invalid; nothing is verified.
  [[nodiscard]] static core::Result<RevealedCanary> parse(std::string_view text);

  friend bool operator==(RevealedCanary const&, RevealedCanary const&) = default;
};

// Secret, salt and commitment; that the object in the proof is the indicator of this commitment; and the proof. Error:
// those of reading and verifying the proof.
[[nodiscard]] core::Result<Steps> verify_canary(RevealedCanary const& canary, TrustedKeys const& keys);

}  // namespace tocsin::client
