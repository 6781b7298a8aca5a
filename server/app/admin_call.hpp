// How a verb reaches the instance: through the admin socket while a server runs, else by opening the directory and
// calling the same router in this process. Main thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "schema/core/result.hpp"
#include "server/app/instance.hpp"
#include "server/http/message.hpp"

namespace tocsin::app {

// `token`: of the administrator who asks; "" is the operator. `query`: as in a URL, already encoded. The answer's
// document. Errors: the server's own, with its sentence; io_failed; those of opening.
[[nodiscard]] core::Result<nlohmann::json> admin_call(Layout const& layout, base::Config const& config,
                                                      http::Method method, std::string const& path,
                                                      nlohmann::json const& body, std::string const& token = {},
                                                      std::string const& query = {});

}  // namespace tocsin::app
