// A small JSON document to the server, and its answer; with an Idempotency-Key, which the routes of docs/retries.md
// heed. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

// Failures: those of the exchange; what a status other than 2xx means; Exit::server when the answer is not JSON.
[[nodiscard]] Outcome<nlohmann::json> post_json(Session& session, std::string const& path, nlohmann::json const& body);

}  // namespace tocsin::client
