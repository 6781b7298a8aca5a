// What evidence against a log shows, step by step (docs/verify.md). Pure; any thread.
#pragma once

#include "clients/cpp/verification/steps.hpp"
#include "schema/log/evidence.hpp"

namespace tocsin::client {

// The two statements, whether the log's key signed both, and whether they contradict each other. Errors:
// note_malformed, checkpoint_malformed.
[[nodiscard]] core::Result<Steps> verify_contradiction(log::Evidence const& evidence, TrustedKeys const& keys);

}  // namespace tocsin::client
