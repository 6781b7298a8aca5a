#include "server/app/credential_body.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::app {

nlohmann::json credential_body(access::NewCredential const& given) {
  nlohmann::json body{{"organisation", given.organisation},
                      {"roles", given.roles},
                      {"label", given.label},
                      {"person", given.person},
                      {"networks", given.networks},
                      {"collections", given.collections},
                      {"kinds", given.kinds},
                      {"dialect", given.dialect}};
  if (given.expires) body["expires"] = *given.expires;
  if (given.max_tlp) body["max_tlp"] = *given.max_tlp;
  if (given.certificate) body["certificate"] = *given.certificate;
  return body;
}

}  // namespace tocsin::app
