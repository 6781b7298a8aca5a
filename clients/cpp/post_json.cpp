#include "clients/cpp/post_json.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {

Outcome<nlohmann::json> post_json(Session& session, std::string const& path, nlohmann::json const& body) {
  auto response = session.exchange({.method = "POST",
                                    .target = path,
                                    .headers = {{"Accept", std::string(kJson)},
                                                {"Content-Type", std::string(kJson)},
                                                {"Idempotency-Key", core::to_text(core::random_uuid())}},
                                    .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
  if (!response) return std::unexpected(std::move(response.error()));
  if (response->status / 100 != 2) return std::unexpected(http_failure(*response, path));
  auto document = stix::parse_json(response->body);
  if (!document) return fail(Exit::server, "The server's answer is not JSON.", kWhichServer);
  return *std::move(document);
}

}  // namespace tocsin::client
