// Values with objects of their own rules inside: extensions, translations, the deprecated container of observables.
#include <nlohmann/json.hpp>

#include "schema/stix/rules/extensions.hpp"
#include "schema/stix/rules/formats.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/sentences.hpp"
#include "schema/stix/rules/vocabularies.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {

using core::Code;

namespace {

constexpr std::string_view kDefinitionPrefix = "extension-definition--";

}  // namespace

void Walk::extensions(Json const& value, Path const& at) {
  for (auto const& [key, body] : value.get_ref<Json::object_t const&>()) {
    Path const here{&at, key};
    if (!body.is_object()) {
      find(Code::extension_invalid, here, "An extension must be an object.", "Send its properties as one object.");
    } else if (body.empty()) {
      find(Code::extension_invalid, here, "The extension is empty.", "Add its properties or remove it.");
    } else {
      extension(key, body, here);
    }
  }
}

// Sections 3.2, 7.3 and 11.3.
void Walk::extension(std::string_view key, Json const& body, Path const& at) {
  if (auto const* predefined = find_extension(key)) {
    if (predefined->of == type_.name) return object(predefined->shape, body, at);
    return find(Code::extension_invalid, at, in_ticks(key) + " extends " + std::string(predefined->of) + " only.",
                "Remove it.");
  }
  if (!key.starts_with(kDefinitionPrefix)) {
    if (is_extension_name(key)) {
      return warn(Code::extension_invalid, at,
                  "Extensions that are not named by an extension definition are deprecated.");
    }
    return find(Code::extension_invalid, at, "The key is neither a predefined extension nor an extension definition.",
                "Use the id of the extension definition.");
  }
  if (auto const parsed = Identifier::parse(key); !parsed) {
    return find(Code::extension_invalid, at, parsed.error().detail, "Use the id of the extension definition.");
  }
  if (auto const* own = find_own_extension(key)) return own_extension(*own, key, body, at);
  Path const here{&at, "extension_type"};
  auto const type = body.find("extension_type");
  if (type == body.end()) {
    return find(Code::extension_invalid, here, "An extension needs `extension_type`.",
                "Use " + alternatives(kExtensionType.values) + ".");
  }
  if (!type->is_string() || !contains(kExtensionType.values, type->get_ref<std::string const&>())) {
    return find(Code::extension_invalid, here, "`extension_type` must be a value of extension-type-enum.",
                "Use " + alternatives(kExtensionType.values) + ".");
  }
  if (type->get_ref<std::string const&>() == "toplevel-property-extension") toplevel_extension_ = true;
}

// The key is held to its one spelling, because whoever looks for the extension later looks for that one.
void Walk::own_extension(OwnExtension const& own, std::string_view key, Json const& body, Path const& at) {
  if (key != own.id)
    return find(Code::extension_invalid, at, "The id of this extension definition is written in lower case.",
                "Correct the key.");
  if (!contains(own.of, type_.name))
    return find(Code::extension_invalid, at,
                "The " + std::string(own.shape.name) + " belongs to objects of type " + alternatives(own.of) + " only.",
                "Remove it.");
  object(own.shape, body, at);
}

// Section 7.1.1. What mirrors which property can only be told beside the translated object.
void Walk::translations(Json const& value, Path const& at) {
  for (auto const& [language, translated] : value.get_ref<Json::object_t const&>()) {
    Path const here{&at, language};
    if (!kLanguage.accepts(language)) {
      find(Code::property_value, here, "The key must be " + std::string(kLanguage.form) + ".", "Correct the key.");
    } else if (!translated.is_object()) {
      wrong_type({.kind = Kind::object}, here);
    } else if (translated.empty()) {
      find(Code::property_value, here, "The translation is empty.", "Add what is translated or remove the language.");
    }
  }
}

// Section 2.13. The members may be of STIX 2.0, so they are held to their type and their references only.
void Walk::container(Json const& value, Path const& at) {
  for (auto const& [key, member] : value.get_ref<Json::object_t const&>())
    container_member(value, member, Path{&at, key});
}

void Walk::container_member(Json const& all, Json const& member, Path const& at) {
  if (!member.is_object()) return wrong_type({.kind = Kind::object}, at);
  Path const type_at{&at, "type"};
  auto const type = member.find("type");
  if (type == member.end()) {
    find(Code::property_missing, type_at, "An observable needs `type`.", "Add its type.");
  } else if (!type->is_string() || !is_type_name(type->get_ref<std::string const&>())) {
    find(Code::property_value, type_at, "`type` must be the name of a type.", "Correct the type.");
  }
  auto const resolve = [&](Json const& reference, Path const& here) {
    if (reference.is_string() && all.contains(reference.get_ref<std::string const&>())) return;
    find(Code::property_value, here, "The reference must be the key of an observable in the same container.",
         "Correct the reference or add the observable.");
  };
  for (auto const& [name, property] : member.get_ref<Json::object_t const&>()) {
    Path const here{&at, name};
    if (name.ends_with("_ref")) {
      resolve(property, here);
    } else if (name.ends_with("_refs") && property.is_array()) {
      for (std::size_t i = 0; i < property.size(); ++i) resolve(property[i], Path{.parent = &here, .index = i});
    }
  }
}

}  // namespace tocsin::stix::rules
