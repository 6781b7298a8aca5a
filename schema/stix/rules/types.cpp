#include "schema/stix/rules/types.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::stix::rules {
namespace {

struct Entry {
  std::string_view name;
  ObjectType const* type;
};

std::vector<Entry> build_index() {
  std::vector<Entry> index;
  for (auto const types : {kDomainTypes, kRelationshipTypes, kObservableTypes, kMetaTypes}) {
    for (auto const& type : types) index.push_back({type.name, &type});
  }
  std::ranges::sort(index, {}, &Entry::name);
  return index;
}

// Tables of custom types. A custom object from before extension definitions often has no spec_version.
constexpr auto kUndeclared =
    table(kOwn, kMarkingRows,
          rows(Property{"spec_version", kSpecVersion}, Property{"created", timestamp(), Need::required},
               Property{"modified", timestamp(), Need::required}, Property{"revoked", boolean()},
               Property{"labels", list(text())}, Property{"external_references", list(structure(kExternalReference))},
               Property{"created_by_ref", reference(kCreator)}, Property{"confidence", integer(0, 100)},
               Property{"lang", text(kLanguage)}, Property{"extensions", kExtensions}));

std::string_view declared_extension_type(Json const& document) {
  auto const extensions = document.find("extensions");
  if (extensions == document.end() || !extensions->is_object()) return {};
  for (auto const& [key, body] : extensions->get_ref<Json::object_t const&>()) {
    if (!body.is_object()) continue;
    auto const type = body.find("extension_type");
    if (type == body.end() || !type->is_string()) continue;
    auto const& text = type->get_ref<std::string const&>();
    if (text.starts_with("new-")) return text;
  }
  return {};
}

}  // namespace

ObjectType const* find_type(std::string_view name) {
  static std::vector<Entry> const index = build_index();
  auto const found = std::ranges::lower_bound(index, name, {}, &Entry::name);
  return found == index.end() || found->name != name ? nullptr : found->type;
}

ObjectType custom_type(std::string_view name, Json const& document) {
  if (auto const* own = find_own_type(name, document)) return *own;
  Shape const domain{"custom object", kCore, kVersionRules, true};
  Shape const observed{"custom observable", kObserved, {}, true};
  Shape const undeclared{"custom object", kUndeclared, kVersionRules, true};
  auto const declared = declared_extension_type(document);
  if (declared == "new-sdo") return {name, Category::sdo, domain};
  if (declared == "new-sro") return {name, Category::sro, domain};
  if (declared == "new-sco") return {name, Category::sco, observed};
  if (document.contains("created") && document.contains("modified")) return {name, Category::sdo, undeclared};
  return {name, Category::sco, observed};
}

}  // namespace tocsin::stix::rules
