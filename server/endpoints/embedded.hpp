// Files of the source tree that the server hands out, as they were when the program was built. Any thread.
#pragma once

#include <string_view>

namespace tocsin::endpoints {

[[nodiscard]] std::string_view python_client();     // clients/python/tocsin.py
[[nodiscard]] std::string_view openapi_document();  // schema/openapi.yaml
[[nodiscard]] std::string_view openapi_page();      // schema/openapi.html

}  // namespace tocsin::endpoints
