// What every request passes between its route and its body, in order. Fast, never blocking; any thread.
#pragma once

#include <vector>

#include "server/base/config.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/server.hpp"

namespace tocsin::endpoints {

[[nodiscard]] std::vector<http::Gate> gates(Context& context);

// Logs the answers that `requests`, which outlives it, asks for. The line names the route, never the path: ids in paths
// are content.
[[nodiscard]] http::Observer observer(base::Log& log, base::Live<base::RequestLog> const& requests);

}  // namespace tocsin::endpoints
