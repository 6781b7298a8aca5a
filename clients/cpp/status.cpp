#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/status_resource.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {

Outcome<Exit> status(Session& session, Console& console, std::string const& id) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto document = session.get_json(root->path + "status/" + encoded(id) + "/");
  if (!document) {
    if (document.error().exit == Exit::not_found)
      document.error().remedy = "Check the id; a status is shown only to the organisation that submitted.";
    return std::unexpected(std::move(document.error()));
  }
  auto resource = read_status(*document);
  if (!resource) return std::unexpected(std::move(resource.error()));
  if (console.json) {
    console.out << document->dump() << '\n';
  } else {
    for (auto const& refusal : resource->refusals) console.err << refusal_line(refusal) << '\n';
    for (auto const& note : resource->notes) console.err << note_line(note) << '\n';
    auto const* state = !resource->complete ? "pending" : resource->waiting > 0 ? "waiting" : "complete";
    console.out << state << ": " << resource->accepted << " of " << resource->total << " accepted, "
                << (resource->unchanged > 0 ? std::to_string(resource->unchanged) + " unchanged, " : std::string())
                << resource->refused << " refused, " << resource->pending << " pending";
    if (resource->waiting > 0) console.out << ", " << resource->waiting << " waiting for an analyst";
    if (!resource->requested.empty()) console.out << "; submitted " << printable(resource->requested);
    console.out << '\n';
  }
  if (!resource->complete) return Exit::server;
  return resource->refused > 0 ? Exit::refused : Exit::ok;
}

}  // namespace tocsin::client
