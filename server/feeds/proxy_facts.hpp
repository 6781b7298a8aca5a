// What our extension says of an address, a network or an autonomous system. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tocsin::feeds {

// A part of the observable; nullptr: it has no such extension.
[[nodiscard]] nlohmann::json const* proxy_facts(nlohmann::json const& observable);

}  // namespace tocsin::feeds
