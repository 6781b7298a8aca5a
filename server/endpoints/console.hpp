// What the web console's paths answer. Pure; any thread.
#pragma once

#include "server/endpoints/console_files.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

// `path` is what follows /console/. Its file; index.html for any other path, which the page itself reads; and a plain
// page when there is no index.html. Below assets/ names are of contents, so that a browser keeps what it has for ever,
// and a name that is unknown is nothing (404).
[[nodiscard]] http::Response console_answer(std::span<ConsoleFile const> files, http::Request const& request,
                                            std::string_view path);

// The handler: of the files that this build has.
Answer console(Context&, http::Request&);

}  // namespace tocsin::endpoints
