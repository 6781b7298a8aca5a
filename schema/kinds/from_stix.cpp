#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/said_of_all.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/kinds/to_stix.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

using core::Code;

// What the native form leaves out because it follows from the rest, or is given anew.
constexpr auto kImplied =
    stix::rules::names("created", "created_by_ref", "extensions", "id", "indicator_types", "modified",
                       "object_marking_refs", "pattern", "pattern_type", "pattern_version", "spec_version", "type");
constexpr auto kImpliedOfObservable =
    stix::rules::names("extensions", "id", "object_marking_refs", "spec_version", "type");

bool contains(stix::rules::Names names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

core::Result<void> read_copied(Json const& from, bool below_extension, Json& native) {
  for (auto const& [name, value] : from.items()) {
    auto const row = std::ranges::find_if(
        kCopied, [&](Copied const& one) { return one.stix == name && one.below_extension == below_extension; });
    if (row == kCopied.end()) {
      if (below_extension ? name == "extension_type" || name == "indicator_kind" : contains(kImplied, name)) continue;
      return says_more(name);
    }
    if (row->listed && value.size() != 1) return says_more(name);
    native[std::string(row->native)] = row->listed ? value.front() : value;
  }
  return {};
}

core::Result<void> read_observable(Kind const& kind, Json const& indicator, Json const& observable, Json& native) {
  auto const* own = stix::rules::find_own_extension(kind.extension);
  if (own != nullptr && !observable.is_object())
    return core::fail(Code::property_missing, "The observable that the indicator is based on is not given.", "",
                      "Give it with the indicator.");
  if (own != nullptr) {
    auto const extensions = observable.value("extensions", Json::object());
    auto const facts = extensions.value(std::string(own->id), Json::object());
    for (auto const& [name, value] : facts.items())
      if (name != "extension_type") native[name] = value;
    if (own->makes_type)
      for (auto const& [name, value] : observable.items())
        if (!contains(kImpliedOfObservable, name)) native[std::string(native_name(name))] = value;
  }
  return kind.recognise != nullptr ? kind.recognise(indicator, observable, native) : core::Result<void>();
}

}  // namespace

std::unexpected<core::Error> says_more(std::string const& name) {
  return core::fail(Code::property_conflict, "The native form cannot say `" + name + "`.", "/" + name,
                    "Read the object as STIX.");
}

core::Result<void> read_markings(Json const& object, Json& native) {
  for (auto const& marking : object.value("object_marking_refs", Json::array())) {
    auto const id = stix::Identifier::parse(marking.get_ref<std::string const&>());
    auto const level = id ? stix::tlp_of(*id) : std::nullopt;
    if (!level) {
      native["markings"].push_back(marking);
    } else if (native.contains("tlp")) {
      return says_more("object_marking_refs");
    } else {
      native["tlp"] = stix::name(*level);
    }
  }
  if (native.contains("tlp")) return {};
  return core::fail(Code::property_conflict, "The object has no level of the Traffic Light Protocol.",
                    "/object_marking_refs", "Read the object as STIX.");
}

core::Result<Native> from_stix(Json const& indicator, Json const& observable) {
  auto const extensions = indicator.value("extensions", Json::object());
  auto const facts = extensions.value(std::string(kIndicatorExtension), Json::object());
  auto const* kind = find_kind(facts.value("indicator_kind", std::string()));
  if (kind == nullptr || !kind->makes_indicator())
    return core::fail(Code::property_missing, "The indicator does not say of what kind it is.", "/extensions",
                      "Read the object as STIX.");
  if (extensions.size() > 1) return says_more("extensions");
  Json native{{"kind", kind->name}};
  if (auto read = read_copied(indicator, false, native); !read) return std::unexpected(read.error());
  if (auto read = read_copied(facts, true, native); !read) return std::unexpected(read.error());
  if (auto read = read_markings(indicator, native); !read) return std::unexpected(read.error());
  if (auto read = read_observable(*kind, indicator, observable, native); !read) return std::unexpected(read.error());
  auto reading = read_native(std::move(native));
  if (!reading) return std::unexpected(std::move(reading.error().front()));
  if (reading->items.size() != 1 || indicator.value("pattern", std::string()) != reading->items.front().pattern())
    return says_more("pattern");
  return std::move(reading->items.front());
}

}  // namespace tocsin::kinds
