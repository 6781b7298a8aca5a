#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

// The markings that the organisation may use beside TLP, with who is named by each. A peer marks nothing here, and what
// it may know is in what it is shown: neither who else is in an audience nor with which governments somebody shares.
nlohmann::json audiences_of(access::Directory const& directory, base::Principal const& principal) {
  nlohmann::json list = nlohmann::json::array();
  if (principal.roles == base::Roles{base::Role::peer}) return list;
  for (auto const& audience : directory.tables().audiences) {
    if (audience.releasable_to.empty() && !directory.belongs(principal.organisation, audience)) continue;
    nlohmann::json members = nlohmann::json::array();
    for (auto const& other : directory.tables().organisations)
      if (directory.belongs(other.row, audience)) members.push_back(other.name);
    list.push_back({{"name", audience.name},
                    {"definition", nlohmann::json::parse(audience.definition)},
                    {"members", std::move(members)},
                    {"releasable_to", audience.releasable_to}});
  }
  return list;
}

// Above AMBER an object of another organisation is shown to its audiences only.
std::string sees_above_amber(access::Reader const& reader) {
  std::string clearance(stix::name(reader.clearance));
  if (reader.clearance <= stix::Tlp::amber) return ".";
  if (reader.memberships.empty()) return "; above it only what has an audience, and none names your organisation.";
  return "; above it, up to TLP:" + clearance + ", only what has an audience that names your organisation.";
}

std::string sees(access::Reader const& reader) {
  std::string up_to_amber(stix::name(std::min(reader.clearance, stix::Tlp::amber)));
  if (!reader.reads_others) return "Your organisation's own objects only.";
  if (reader.government && reader.clearance >= stix::Tlp::amber)
    return reader.authority.empty()
               ? "Objects up to TLP:green; your organisation has no authority code, so that nothing "
                 "above can be released to it."
               : "Objects up to TLP:green, and those up to TLP:" + up_to_amber + " that are releasable to " +
                     reader.authority + sees_above_amber(reader);
  if (reader.clearance > stix::Tlp::amber) return "Objects up to TLP:amber" + sees_above_amber(reader);
  return "Objects up to TLP:" + up_to_amber + "; of those with an audience, the ones that name your organisation.";
}

bool may(char const* permission, base::Principal const& principal) {
  return access::may(*access::find_permission(permission), &principal);
}

// What of other organisations an empty page is empty of.
std::string sees(base::Principal const& principal, access::Reader const& reader) {
  if (may("taxii.objects.read", principal)) return sees(reader);
  return "No objects: reading them is for the roles submitter, analyst, feed and liaison.";
}

// Which there are is told to those who are told so by TAXII: to no auditor, no administrator and no peer.
nlohmann::json collections_of(access::Directory const& directory, base::Principal const& principal,
                              access::View const& view) {
  nlohmann::json list = nlohmann::json::array();
  if (!may("taxii.collections", principal)) return list;
  for (auto const& collection : directory.tables().collections) {
    if (directory.collection(collection.id, view) == nullptr) continue;
    list.push_back({{"id", collection.id},
                    {"title", collection.title},
                    {"can_read", may("taxii.objects.read", principal)},
                    {"can_write", may("taxii.objects.add", principal)}});
  }
  return list;
}

}  // namespace

Answer me(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  base::Principal const& principal = *request.principal;
  auto const* organisation = directory->organisation(principal.organisation);
  nlohmann::json credential{{"id", principal.credential_id},
                            {"label", principal.credential_label},
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
  nlohmann::json document{
      {"organisation", principal.organisation_name},
      {"type", organisation != nullptr ? organisation->type : "operator"},
      {"roles", access::role_names(principal.roles)},
      {"clearance", organisation != nullptr ? stix::name(view_of(request).reader.clearance) : "clear"},
      {"credential", credential},
      {"collections", collections_of(*directory, principal, view_of(request))},
      {"audiences", audiences_of(*directory, principal)},
      {"as_member", context.settings.identity},
      {"sees", sees(principal, view_of(request).reader)}};
  if (organisation != nullptr) document["identity"] = organisation->identity;
  co_return json_answer(200, document);
}

}  // namespace tocsin::endpoints
