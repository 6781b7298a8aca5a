#include "server/federation/relay_rule.hpp"

#include <algorithm>
#include <optional>

#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "schema/stix/object.hpp"

namespace tocsin::federation {

bool may_be_relayed(std::string_view body) {
  auto const document = stix::parse_json(body);
  if (!document) return false;
  auto const object = stix::parse_object(*document);
  if (!object) return false;
  std::optional<stix::Tlp> highest;
  for (auto const& marking : object->markings)
    if (auto const level = stix::tlp_of(marking)) highest = std::max(highest.value_or(*level), *level);
  return highest && *highest <= stix::Tlp::green;
}

}  // namespace tocsin::federation
