// custom.json: objects of types that STIX does not define. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tocsin::schemas {

[[nodiscard]] nlohmann::ordered_json custom_schema();

}  // namespace tocsin::schemas
