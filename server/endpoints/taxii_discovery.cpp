#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

// TAXII 2.1 section 4.1
Answer taxii_discovery(Context& context, http::Request& request) {
  std::string root = "https://" + std::string(request.headers.find("Host").value_or("localhost")) + "/taxii2/root/";
  co_return json_answer(200, {{"title", context.settings.title}, {"default", root}, {"api_roots", {root}}}, kTaxii);
}

// TAXII 2.1 section 4.2
Answer taxii_root(Context& context, http::Request&) {
  co_return json_answer(200,
                        {{"title", context.settings.title},
                         {"versions", {kTaxii}},
                         {"max_content_length", context.settings.max_content_length.get()}},
                        kTaxii);
}

}  // namespace tocsin::endpoints
