// What every request passes between its route and its body, in order. Fast, never blocking; any thread.
#pragma once

#include <vector>

#include "server/endpoints/context.hpp"
#include "server/http/server.hpp"

namespace tocsin::endpoints {

[[nodiscard]] std::vector<http::Gate> gates(Context& context);

// Counts answers and logs them: failures always, or everything, or nothing, as configured.
enum class RequestLog : std::uint8_t { none, failures, all };
[[nodiscard]] http::Observer observer(base::Log& log, base::Metrics& metrics, RequestLog requests);

}  // namespace tocsin::endpoints
