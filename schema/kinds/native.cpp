#include "schema/kinds/native.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/kinds/kinds.hpp"
#include "schema/stix/rules/sentences.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::kinds {
namespace {

using core::Code;
using Findings = std::vector<core::Error>;
namespace rules = stix::rules;

std::vector<std::string> kind_names() {
  std::vector<std::string> out;
  for (auto const* kind : kinds()) out.emplace_back(kind->name);
  return out;
}

std::string listed(std::vector<std::string> const& words) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

core::Result<Kind const*> kind_of(Json const& document) {
  if (!document.is_object())
    return core::fail(Code::not_an_object, "An item is a JSON object.", "", "Send an object with `kind` and `value`.");
  auto const found = document.find("kind");
  if (found == document.end())
    return core::fail(Code::property_missing, "The item does not say its `kind`.", "/kind",
                      "Add one of: " + listed(kind_names()) + ".");
  if (!found->is_string()) return core::fail(Code::property_type, "`kind` must be a string.", "/kind", "Name a kind.");
  auto const& name = found->get_ref<std::string const&>();
  if (auto const* kind = find_kind(name)) return kind;
  return core::fail(Code::property_value, "There is no kind " + rules::in_ticks(name) + ".", "/kind",
                    "Use one of: " + listed(kind_names()) + "." + suggestion(name, kind_names()));
}

void name_the_nearest(Findings& findings, Kind const& kind) {
  std::vector<std::string> known;
  for (auto const& row : native_type(kind).shape.properties) known.emplace_back(row.name);
  for (auto& finding : findings) {
    if (finding.code != Code::property_unknown || finding.pointer.find('/', 1) != std::string::npos) continue;
    auto const name = std::string_view(finding.pointer).substr(1);
    finding.detail = "The kind " + std::string(kind.name) + " has no property " + rules::in_ticks(name) + ".";
    finding.remedy = "Remove or rename it." + suggestion(name, known);
  }
}

// Fills in the level, and holds the markings against what the kind asks for.
std::optional<core::Error> mark(Json& document, Kind const& kind) {
  auto const found = document.find("tlp");
  auto const level =
      found == document.end() ? kind.usual_level() : *stix::parse_tlp(found->get_ref<std::string const&>());
  if (level < kind.floor)
    return core::Error{Code::marking_below_floor,
                       "An item of the kind " + std::string(kind.name) +
                           " is not shared more widely than TLP:" + std::string(stix::name(kind.floor)) + ".",
                       "/tlp", "Use " + std::string(stix::name(kind.floor)) + ", or a stricter level."};
  document["tlp"] = stix::name(level);
  auto const markings = document.find("markings");
  if (markings == document.end()) {
    if (!kind.needs_audience) return std::nullopt;
    return core::Error{Code::property_missing, "The kind " + std::string(kind.name) + " is for a named audience only.",
                       "/markings", "Add the marking of the audience: `tocsin whoami` lists yours."};
  }
  for (std::size_t i = 0; i < markings->size(); ++i)
    if (stix::tlp_of(*stix::Identifier::parse((*markings)[i].get_ref<std::string const&>())))
      return core::Error{Code::property_conflict, "A level of the Traffic Light Protocol is no further marking.",
                         "/markings/" + std::to_string(i), "Say the level with `tlp`."};
  return std::nullopt;
}

}  // namespace

Native::Native(Kind const& kind, Json document)
    : kind_(&kind), document_(std::make_shared<Json const>(std::move(document))), pattern_(kind.pattern(*document_)) {}

std::expected<Reading, Findings> read_native(Json document) {
  auto const kind = kind_of(document);
  if (!kind) return std::unexpected(Findings{kind.error()});
  if (auto const value = document.find("value");
      (*kind)->greatest && value != document.end() && value->is_number_integer())
    *value = stix::canonical_json(*value);
  stix::ObjectLimits const limits;
  auto const& type = native_type(**kind);
  rules::Walk walk(document, type, limits);
  walk.object(type.shape, document, rules::Path());
  if (!walk.findings.empty()) {
    name_the_nearest(walk.findings, **kind);
    return std::unexpected(std::move(walk.findings));
  }
  Reading reading{{}, std::move(walk.warnings), {}};
  if (auto const ref = document.find("ref"); ref != document.end()) {
    reading.ref = ref->get<std::string>();
    document.erase(ref);
  }
  if (auto found = mark(document, **kind)) return std::unexpected(Findings{*std::move(found)});
  auto normalised = (*kind)->normalise(std::move(document), reading.notes);
  if (!normalised) return std::unexpected(Findings{std::move(normalised.error())});
  for (auto& one : *normalised) reading.items.push_back(Native(**kind, std::move(one)));
  return reading;
}

}  // namespace tocsin::kinds
