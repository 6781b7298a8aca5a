// The whole URL table. Built once at start.
#pragma once

#include "server/endpoints/context.hpp"
#include "server/http/router.hpp"

namespace tocsin::endpoints {

// Throws std::logic_error for a route whose permission has no row: such a server does not start.
[[nodiscard]] http::Router routes(Context& context);

}  // namespace tocsin::endpoints
