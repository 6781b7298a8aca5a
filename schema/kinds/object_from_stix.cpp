// Campaigns and infrastructure in the native form: the counterpart of from_stix.cpp.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/said_of_all.hpp"
#include "schema/kinds/to_stix.hpp"

namespace tocsin::kinds {
namespace {

using core::Code;

// What the native form leaves out because it follows from the rest, or is given anew.
constexpr auto kImplied = stix::rules::names("created", "created_by_ref", "extensions", "id", "modified",
                                             "object_marking_refs", "spec_version", "type");

Kind const* kind_of(Json const& object) {
  auto const type = object.value("type", std::string());
  auto const found =
      std::ranges::find_if(kinds(), [&](Kind const* kind) { return !kind->makes_indicator() && kind->object == type; });
  return found == kinds().end() ? nullptr : *found;
}

bool is_row(Kind const& kind, std::string_view name) {
  return std::ranges::find(kind.rows, name, &stix::rules::Property::name) != kind.rows.end() &&
         std::ranges::find(kind.bonds, name, &Bond::property) == kind.bonds.end();
}

core::Result<void> read_object(Kind const& kind, Json const& object, Json& native) {
  for (auto const& [name, value] : object.items()) {
    if (is_row(kind, name) || name == "confidence" || name == "description" || name == "labels")
      native[name] = value;
    else if (name == std::string(kind.object) + "_types" && value == Json::array({kind.object_type}))
      continue;
    else if (std::ranges::find(kImplied, name) == kImplied.end())
      return says_more(name);
  }
  auto const extensions = object.value("extensions", Json::object());
  for (auto const& [id, facts] : extensions.items()) {
    if (id != kind.extension) return says_more("extensions");
    for (auto const& [name, value] : facts.items())
      if (name != "extension_type") native[name] = value;
  }
  return read_markings(object, native);
}

core::Result<void> read_relationship(Kind const& kind, Json const& object, Json const& relationship, Json& native) {
  auto const type = relationship.value("relationship_type", std::string());
  auto const id = object.value("id", std::string());
  for (auto const& bond : kind.bonds) {
    if (bond.type != type || relationship.value(bond.from_target ? "target_ref" : "source_ref", "") != id) continue;
    auto const& other = relationship.at(bond.from_target ? "source_ref" : "target_ref");
    auto const row = std::ranges::find(kind.rows, bond.property, &stix::rules::Property::name);
    auto const name = std::string(bond.property);
    if (row->type.list)
      native[name].push_back(other);
    else if (!native.emplace(name, other).second)
      return says_more(name);
    return {};
  }
  return says_more("relationship_type");
}

}  // namespace

core::Result<Native> object_from_stix(Json const& object, std::span<Json const> relationships) {
  auto const* kind = kind_of(object);
  if (kind == nullptr)
    return core::fail(Code::property_missing, "The object is neither a campaign nor infrastructure.", "/type",
                      "Read the object as STIX.");
  Json native{{"kind", kind->name}};
  if (auto read = read_object(*kind, object, native); !read) return std::unexpected(read.error());
  for (auto const& relationship : relationships)
    if (auto read = read_relationship(*kind, object, relationship, native); !read) return std::unexpected(read.error());
  auto reading = read_native(std::move(native));
  if (!reading) return std::unexpected(std::move(reading.error().front()));
  return std::move(reading->items.front());
}

}  // namespace tocsin::kinds
