// What the server hands out of itself: the client for Python, and the description of these routes.
#include "server/endpoints/answers.hpp"
#include "server/endpoints/embedded.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

Answer download_python_client(Context&, http::Request&) {
  co_return text_answer(200, std::string(python_client()), "text/x-python; charset=utf-8");
}

Answer api_document(Context&, http::Request&) {
  co_return text_answer(200, std::string(openapi_document()), "application/yaml");
}

Answer api_page(Context&, http::Request&) {
  auto response = text_answer(200, std::string(openapi_page()), "text/html; charset=utf-8");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  co_return response;
}

}  // namespace tocsin::endpoints
