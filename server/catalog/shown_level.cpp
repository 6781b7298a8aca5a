#include "server/catalog/shown_level.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"

namespace tocsin::catalog {

std::optional<std::string_view> shown_level(nlohmann::json const& object, stix::MarkingDialect dialect) {
  std::optional<stix::Tlp> level;
  for (auto const& marking : object.value("object_marking_refs", nlohmann::json::array())) {
    auto const id = stix::Identifier::parse(marking.get_ref<std::string const&>());
    auto const one = id ? stix::tlp_of(*id) : std::nullopt;
    if (one && (!level || *one > *level)) level = one;
  }
  if (!level) return std::nullopt;
  if (*level == stix::Tlp::amber_strict && dialect == stix::MarkingDialect::tlp1) level = stix::Tlp::red;
  return stix::name(*level);
}

}  // namespace tocsin::catalog
