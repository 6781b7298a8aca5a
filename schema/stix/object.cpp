#include "schema/stix/object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/stix/rules/types.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix {
namespace {

using core::Code;
using Findings = std::vector<core::Error>;

// The name of the type, once it is known to be one an object can have.
std::expected<std::string_view, core::Error> type_of(Json const& document) {
  if (!document.is_object())
    return core::fail(Code::not_an_object, "A STIX object is a JSON object.", {},
                      "Send one object, not a list or a value.");
  auto const found = document.find("type");
  if (found == document.end()) {
    return core::fail(Code::type_missing, "The object has no `type`.", "/type", "Add the type of the object.");
  }
  if (!found->is_string()) {
    return core::fail(Code::type_missing, "`type` must be a string.", "/type", "Send the type of the object.");
  }
  std::string_view const type = found->get_ref<std::string const&>();
  if (type == "bundle") {
    return core::fail(Code::type_missing, "A bundle is not a STIX object.", "/type", "Send its objects.");
  }
  if (type.size() < 3 || !is_type_name(type)) {
    return core::fail(Code::type_missing, "`type` must be 3 to 250 characters of a–z, 0–9 and single hyphens.", "/type",
                      "Correct the type.");
  }
  return type;
}

std::vector<Identifier> sorted(std::vector<Identifier> identifiers) {
  std::ranges::sort(identifiers);
  identifiers.erase(std::ranges::unique(identifiers).begin(), identifiers.end());
  return identifiers;
}

std::optional<Timestamp> timestamp(Json const& document, std::string_view name) {
  auto const found = document.find(name);
  if (found == document.end()) return std::nullopt;
  auto parsed = Timestamp::parse(found->get_ref<std::string const&>());
  if (!parsed) return std::nullopt;
  return *parsed;
}

bool is_statement(Json const& document) {
  auto const found = document.find("definition_type");
  return found != document.end() && found->get_ref<std::string const&>() == "statement";
}

// Properties of a custom type have no table, so what refers to an object is known by its name and its form
// (section 3.1).
void collect_references(Json const& document, std::vector<Identifier>& out) {
  auto const take = [&](Json const& value) {
    if (!value.is_string()) return;
    if (auto parsed = Identifier::parse(value.get_ref<std::string const&>())) out.push_back(std::move(*parsed));
  };
  for (auto const& [name, value] : document.get_ref<Json::object_t const&>()) {
    if (name == "created_by_ref" || name == "object_marking_refs") continue;
    if (name.ends_with("_ref")) {
      take(value);
    } else if (name.ends_with("_refs") && value.is_array()) {
      for (auto const& item : value) take(item);
    }
  }
}

Object object_from(rules::Walk& walk, std::string bytes) {
  auto const& document = walk.document();
  auto const category = walk.type().category;
  if (walk.type().shape.custom) collect_references(document, walk.references);
  Object object{.id = std::move(*walk.id),
                .category = category,
                .created = std::nullopt,
                .modified = std::nullopt,
                .created_by = std::move(walk.creator),
                .markings = sorted(std::move(walk.markings)),
                .references = sorted(std::move(walk.references)),
                .value_key = std::nullopt,
                .bytes = std::move(bytes),
                .warnings = std::move(walk.warnings)};
  if (category == Category::sco) {
    object.value_key = deterministic_id(document);
    return object;
  }
  object.created = timestamp(document, "created");
  if (object.id.type() == "marking-definition") {  // section 7.2.1: never versioned
    object.is_statement_marking = is_statement(document);
    return object;
  }
  object.modified = timestamp(document, "modified");
  auto const revoked = document.find("revoked");
  object.revoked = revoked != document.end() && revoked->get<bool>();
  return object;
}

void compare_ids(Object& object) {
  bool const version_5 = object.id.uuid()[6] >> 4 == 5;
  if (!object.value_key || !version_5 || *object.value_key == object.id.uuid()) return;
  object.warnings.push_back({Code::id_invalid, "The identifier is not the deterministic one of this value.", "/id",
                             "Derive it from the ID contributing properties (STIX 2.1 section 3.4)."});
}

}  // namespace

std::expected<Object, Findings> parse_object(Json const& document, ObjectLimits limits) {
  auto const name = type_of(document);
  if (!name) return std::unexpected(Findings{name.error()});
  auto const* known = rules::find_type(*name);
  auto const custom = known == nullptr ? std::optional(rules::custom_type(*name, document)) : std::nullopt;
  rules::Walk walk(document, known != nullptr ? *known : *custom, limits);
  walk.run();
  if (!walk.findings.empty()) return std::unexpected(std::move(walk.findings));
  auto bytes = canonical_json(document);
  if (bytes.size() > limits.bytes) {
    return std::unexpected(Findings{{Code::object_too_large,
                                     "The object is longer than " + std::to_string(limits.bytes) + " bytes.",
                                     {},
                                     "Share large content by reference."}});
  }
  auto object = object_from(walk, std::move(bytes));
  compare_ids(object);
  return object;
}

}  // namespace tocsin::stix
