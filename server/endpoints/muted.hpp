// How a reader is told that its organisation muted an indicator. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/catalog/mutes.hpp"

namespace tocsin::endpoints {

// schema/openapi.yaml, Muted.
[[nodiscard]] nlohmann::json muted_as(store::Mute const& mute);

}  // namespace tocsin::endpoints
