// What became of submitted objects: the TAXII 2.1 status resource (section 4.3.1). A value; any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

// What the server says of one object.
struct Verdict {
  std::string id, version, message;
  std::string where;  // "object 3 of FILE" when that is known and the id is not
};

struct StatusResource {
  std::string id;
  bool complete = false;
  std::string requested;  // request_timestamp
  std::size_t total = 0, accepted = 0, refused = 0, pending = 0;
  std::size_t waiting = 0;  // for a person, as the server says of them: nothing that asking again hastens
  std::vector<Verdict> refusals;
  std::size_t unchanged = 0;   // accepted objects that were there already, as the server remarks
  std::vector<Verdict> notes;  // other remarks about accepted objects
};

// Failure: Exit::server, when id, status or a count is missing.
[[nodiscard]] Outcome<StatusResource> read_status(nlohmann::json const& document);

[[nodiscard]] nlohmann::json to_json(Verdict const& verdict);

// "refused indicator--…: message" and "note indicator--…: message", fit for a terminal.
[[nodiscard]] std::string refusal_line(Verdict const& refusal);
[[nodiscard]] std::string note_line(Verdict const& note);

}  // namespace tocsin::client
