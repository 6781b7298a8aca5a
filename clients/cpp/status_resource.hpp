// What became of submitted objects: the TAXII 2.1 status resource (section 4.3.1). A value; any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

struct Refusal {
  std::string id, version, message;
};

struct StatusResource {
  std::string id;
  bool complete = false;
  std::string requested;  // request_timestamp
  std::size_t total = 0, accepted = 0, refused = 0, pending = 0;
  std::vector<Refusal> refusals;
};

// Failure: Exit::server, when id, status or a count is missing.
[[nodiscard]] Outcome<StatusResource> read_status(nlohmann::json const& document);

[[nodiscard]] nlohmann::json to_json(Refusal const& refusal);

// "refused indicator--…: message", fit for a terminal.
[[nodiscard]] std::string refusal_line(Refusal const& refusal);

}  // namespace tocsin::client
