// What is verified of the certificate of a recall. Pure; any thread.
#pragma once

#include "clients/cpp/verification/steps.hpp"
#include "schema/log/recall_certificate.hpp"

namespace tocsin::client {

// What was recalled, by whose statement; that the control log has it, under checkpoints that its key signed; and who
// acknowledged it when. `keys.log`: of the data log or of the control log, which is the same pair of keys; the
// witnesses are keys with which peers say what they applied. Whoever is said to have acknowledged and has no key among
// them, and whoever had not, is unknown; so is whoever reads the log through a relay, unless the relay says that he
// did. Errors: proof_invalid, note_malformed, checkpoint_malformed.
[[nodiscard]] core::Result<Steps> verify_recall(log::RecallCertificate const& certificate, TrustedKeys const& keys);

}  // namespace tocsin::client
