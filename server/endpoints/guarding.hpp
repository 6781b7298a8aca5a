// What a submission is held against, and why its sender shares all the same what the harm checks warn of. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/admission/harm/harm.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Guarding {
  admission::harm::Surroundings around;
  std::string reason;  // of the parameter `override`; "": warnings refuse

  [[nodiscard]] bool overriding() const { return !reason.empty(); }
};

// Errors: bad_parameter for a reason that is none, or that holds what no text may; forbidden for one of a credential
// that is no analyst's.
[[nodiscard]] core::Result<Guarding> guarding(Context& context, http::Request const& request);

// What the audit trail tells of warnings that were overridden: of each object or item its codes. nullopt: of none.
using Overridden = std::vector<std::vector<core::Code>>;
[[nodiscard]] std::optional<store::SubmissionRecord::Overriding> overriding(Guarding const& guarding,
                                                                            Overridden const& overridden);

}  // namespace tocsin::endpoints
