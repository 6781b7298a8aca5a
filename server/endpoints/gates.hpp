// What every request passes between its route and its body, in order. Fast, never blocking; any thread.
#pragma once

#include <vector>

#include "server/base/config.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/server.hpp"

namespace tocsin::endpoints {

[[nodiscard]] std::vector<http::Gate> gates(Context& context);

// Logs answers, as configured. The line names the route, never the path: ids in paths are content.
[[nodiscard]] http::Observer observer(base::Log& log, base::RequestLog requests);

}  // namespace tocsin::endpoints
