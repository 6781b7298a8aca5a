#include "server/catalog/filters.hpp"

#include <algorithm>
#include <set>

#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::catalog {
namespace {

constexpr std::size_t kMostValues = 100;

std::unexpected<core::Error> refuse(std::string const& name, std::string const& why, std::string remedy) {
  return core::fail(core::Code::bad_parameter, "The parameter " + name + " " + why + ".", "", std::move(remedy));
}

core::Result<std::set<std::string>> values_of(std::string const& name, std::string_view text) {
  std::set<std::string> values;
  for (;;) {
    auto comma = text.find(',');
    std::string value(text.substr(0, comma));
    if (value.empty()) return refuse(name, "holds an empty value", "Separate values by single commas.");
    values.insert(std::move(value));
    if (values.size() > kMostValues) return refuse(name, "holds more than 100 values", "Ask in several requests.");
    if (comma == std::string_view::npos) return values;
    text.remove_prefix(comma + 1);
  }
}

using Values = std::set<std::string>;

// Each of these takes a filter's values, and leaves in their place the one way to write them: none where they say what
// holds anyway.
core::Result<void> take_ids(Values& values, Filters& filters) {
  std::set<std::pair<std::string, core::Uuid>> ids;
  for (auto const& value : values) {
    auto id = stix::Identifier::parse(value);
    if (!id)
      return refuse("match[id]", "holds something that is not a STIX identifier", "Write identifiers as type--UUID.");
    ids.emplace(id->type(), id->uuid());
  }
  filters.ids.assign(ids.begin(), ids.end());
  values.clear();
  for (auto const& [type, uuid] : ids) values.insert(type + "--" + core::to_text(uuid));
  return {};
}

core::Result<void> take_types(Values const& values, Filters& filters) {
  for (auto const& value : values)
    if (!stix::is_type_name(value))
      return refuse("match[type]", "holds something that is not a STIX type",
                    "Use lower-case letters, digits and dashes.");
  filters.types.assign(values.begin(), values.end());
  return {};
}

core::Result<void> take_versions(Values& values, Filters& filters) {
  store::VersionFilter versions{values.erase("first") > 0, values.erase("last") > 0, values.erase("all") > 0, {}};
  if (versions.all && (versions.first || versions.last || !values.empty()))
    return refuse("match[version]", "combines all with other values", "Send all alone.");
  std::set<std::int64_t> instants;
  for (auto const& value : values) {
    auto instant = stix::Timestamp::parse(value);
    if (!instant || !instant->has_key())
      return refuse("match[version]", "holds something else than first, last, all or a timestamp",
                    "Write timestamps as 2026-01-31T12:00:00.000Z.");
    instants.insert(instant->key());
  }
  versions.exact_ns.assign(instants.begin(), instants.end());
  values.clear();
  for (std::int64_t instant : instants) values.insert(stix::Timestamp::from_nanoseconds(instant).text());
  if (versions.first) values.insert("first");
  if (versions.all) values.insert("all");
  if (versions.last && !values.empty()) values.insert("last");
  filters.versions = std::move(versions);
  return {};
}

core::Result<void> take_spec_versions(Values& values, Filters& filters) {
  for (auto const& value : values)
    if (value != "2.0" && value != "2.1") return refuse("match[spec_version]", "holds an unknown version", "Use 2.1.");
  filters.no_spec_version = !values.contains("2.1");
  if (!filters.no_spec_version) values.clear();
  return {};
}

core::Result<void> take(std::string const& name, Values& values, Filters& filters) {
  if (name == "match[id]") return take_ids(values, filters);
  if (name == "match[type]") return take_types(values, filters);
  if (name == "match[version]") return take_versions(values, filters);
  if (name == "match[spec_version]") return take_spec_versions(values, filters);
  return refuse(name.substr(0, 60), "is no filter",
                "There are match[id], match[type], match[version] and match[spec_version].");
}

}  // namespace

core::Result<Filters> Filters::parse(Parameters const& parameters) {
  Filters filters;
  std::set<std::string> seen;
  std::vector<std::string> lines;
  for (auto const& [name, value] : parameters) {
    bool is_match = name.starts_with("match");
    if (!is_match && name != "added_after") continue;
    if (!seen.insert(name).second)
      return refuse(name.substr(0, 60), "occurs more than once", "Send one, with its values separated by commas.");
    std::string canonical;
    if (is_match) {
      auto values = values_of(name.substr(0, 60), value);
      if (!values) return std::unexpected(values.error());
      if (auto taken = take(name, *values, filters); !taken) return std::unexpected(taken.error());
      for (auto const& one : *values) canonical += (canonical.empty() ? "" : ",") + one;
    } else {
      auto instant = stix::Timestamp::parse(value);
      if (!instant) return refuse(name, "is not a timestamp", "Write it as 2026-01-31T12:00:00.000000Z.");
      // Finer than the microseconds of date_added: the floor keeps the comparison exclusive.
      filters.added_after_us = instant->microseconds();
      canonical = stix::Timestamp::from_microseconds(*filters.added_after_us).text_microseconds();
    }
    if (!canonical.empty()) lines.push_back(std::string(name).append("=").append(canonical).append("\n"));
  }
  std::ranges::sort(lines);
  for (auto const& line : lines) filters.text += line;
  return filters;
}

core::Result<Filters> Filters::parse_text(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    auto equals = line.find('=');
    if (equals == std::string_view::npos) return refuse("next", "is damaged", "Begin the pull again.");
    parameters.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
  return parse(parameters);
}

}  // namespace tocsin::catalog
