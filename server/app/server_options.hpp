// The configuration as the HTTP server wants it, as far as the descriptors go. Any thread.
#pragma once

#include "server/app/instance.hpp"
#include "server/http/server.hpp"

namespace tocsin::app {

[[nodiscard]] http::ServerOptions server_options(Layout const& layout, base::Config const& config);

}  // namespace tocsin::app
