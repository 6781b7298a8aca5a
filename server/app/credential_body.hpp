// What a verb says of a credential, as the administration's routes take it. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/access/administration.hpp"

namespace tocsin::app {

[[nodiscard]] nlohmann::json credential_body(access::NewCredential const& given);

}  // namespace tocsin::app
