// Whose receipts a peer may hand in: its own, and as a relay those of others. Any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "schema/log/keys.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Active peers by name with the key `applied` of their manifests, that of the caller first. Empty: the caller is none.
[[nodiscard]] std::vector<std::pair<std::string, log::VerifierKey>> applied_keys(Context const& context,
                                                                                 http::Request const& request);

}  // namespace tocsin::endpoints
