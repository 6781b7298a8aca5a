#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

Answer me(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  base::Principal const& principal = *request.principal;
  auto const* organisation = directory->organisation(principal.organisation);
  nlohmann::json credential{{"label", principal.credential_label},
                            {"expires", nullptr},
                            {"max_tlp", nullptr},
                            {"networks", nlohmann::json::array()},
                            {"collections", nlohmann::json::array()},
                            {"kinds", nlohmann::json::array()},
                            {"dialect", stix::name(view_of(request).dialect)}};
  if (auto const* session = directory->session(principal.credential_id)) {
    auto const& row = session->credential;
    if (row.expires_us) credential["expires"] = stix::Timestamp::from_microseconds(*row.expires_us).text();
    if (row.max_tlp) credential["max_tlp"] = stix::name(static_cast<stix::Tlp>(*row.max_tlp));
    credential["networks"] = row.networks;
    credential["collections"] = row.collections;
    credential["kinds"] = row.kinds;
  }
  nlohmann::json collections = nlohmann::json::array();
  for (auto const& collection : directory->tables().collections) {
    if (directory->collection(collection.id, view_of(request)) == nullptr) continue;
    collections.push_back({{"id", collection.id},
                           {"title", collection.title},
                           {"can_read", access::may(*access::find_permission("taxii.objects.read"), &principal)},
                           {"can_write", access::may(*access::find_permission("taxii.objects.add"), &principal)}});
  }
  nlohmann::json document{
      {"organisation", principal.organisation_name},
      {"type", organisation != nullptr ? organisation->type : "operator"},
      {"roles", access::role_names(principal.roles)},
      {"clearance", organisation != nullptr ? stix::name(view_of(request).reader.clearance) : "clear"},
      {"credential", credential},
      {"collections", collections}};
  if (organisation != nullptr) document["identity"] = organisation->identity;
  co_return json_answer(200, document);
}

}  // namespace tocsin::endpoints
