// What a sender may mark what it shares with, and who would read it.
#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/who_sees.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using stix::Tlp;

json of_level(Tlp level) {
  json out{{"kind", "tlp"},
           {"name", stix::name(level)},
           {"id", stix::tlp2_id(level)},
           {"readers", readers_of({.level = level})}};
  if (level != Tlp::amber_strict) out["tlp1_id"] = stix::tlp1_id(level);
  return out;
}

json of_audience(access::Directory const& directory, store::Audience const& audience) {
  json out{{"name", audience.name}, {"id", stix::Identifier::make("marking-definition", audience.marking).text()}};
  if (!audience.releasable_to.empty()) {
    out["kind"] = "releasable-to";
    out["releasable_to"] = audience.releasable_to;
    out["readers"] =
        "Beside a TLP level: of governments only those with one of these authorities. Nobody else is concerned.";
    return out;
  }
  out["kind"] = "audience";
  out["organisations"] = json::array();
  for (auto const& organisation : directory.tables().organisations)
    if (directory.belongs(organisation.row, audience)) out["organisations"].push_back(organisation.name);
  out["readers"] =
      "Beside a TLP level: only these organisations, of them those whose clearance reaches the level; of several "
      "audiences, who is in all of them.";
  return out;
}

}  // namespace

// TLP levels, the audiences that the organisation belongs to, and what releases to governments: schema/openapi.yaml,
// getMyMarkings. It tells of members what getMe does.
Answer my_markings(Context& context, http::Request& request) {
  auto const directory = context.registry.current();
  json markings = json::array();
  for (auto const level : {Tlp::clear, Tlp::green, Tlp::amber, Tlp::amber_strict, Tlp::red})
    markings.push_back(of_level(level));
  for (auto const& audience : directory->tables().audiences)
    if (!audience.releasable_to.empty() || directory->belongs(request.principal->organisation, audience))
      markings.push_back(of_audience(*directory, audience));
  co_return json_answer(200, {{"markings", std::move(markings)}});
}

}  // namespace tocsin::endpoints
