#include "clients/cpp/status_resource.hpp"

#include <nlohmann/json.hpp>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"

namespace tocsin::client {

Outcome<StatusResource> read_status(nlohmann::json const& document) {
  auto const state = text_or(document, "status");
  bool const known = state == "complete" || state == "pending";
  bool counted = true;
  for (auto const* name : {"total_count", "success_count", "failure_count", "pending_count"}) {
    counted = counted && document.contains(name);
  }
  StatusResource out{.id = text_or(document, "id"),
                     .complete = state == "complete",
                     .requested = text_or(document, "request_timestamp"),
                     .total = number_or(document, "total_count", 0),
                     .accepted = number_or(document, "success_count", 0),
                     .refused = number_or(document, "failure_count", 0),
                     .pending = number_or(document, "pending_count", 0),
                     .refusals = {}};
  if (!known || !counted || out.id.empty()) {
    return fail(Exit::server, "The server's answer is no TAXII 2.1 status resource.");
  }
  for (auto const& row : list_or_empty(document, "failures")) {
    out.refusals.push_back({text_or(row, "id"), text_or(row, "version"), text_or(row, "message")});
  }
  return out;
}

nlohmann::json to_json(Refusal const& refusal) {
  return {{"id", refusal.id}, {"version", refusal.version}, {"message", refusal.message}};
}

std::string refusal_line(Refusal const& refusal) {
  return "refused " + printable(refusal.id.empty() ? "(no id)" : refusal.id) + ": " +
         printable(refusal.message.empty() ? "the server gave no reason" : refusal.message);
}

}  // namespace tocsin::client
