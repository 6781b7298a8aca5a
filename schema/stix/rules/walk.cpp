#include "schema/stix/rules/walk.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/rules/cross.hpp"
#include "schema/stix/rules/formats.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/sentences.hpp"

namespace tocsin::stix::rules {

using core::Code;

std::string Path::pointer() const {
  if (parent == nullptr) return {};
  std::string out = parent->pointer();
  out += '/';
  if (name.data() == nullptr) return out += std::to_string(index);
  for (char const c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Walk::Walk(Json const& document, ObjectType const& type, ObjectLimits const& limits)
    : document_(document), type_(type), limits_(limits) {
  auto const found = document.find("defanged");
  defanged_ = found != document.end() && found->is_boolean() && found->get<bool>();
}

void Walk::run() {
  Path const root;
  object(type_.shape, document_, root);
  report_unknown();
  if (auto const* own = type_.shape.custom ? find_definition_of(type_.name) : nullptr) {
    warn(Code::extension_invalid, Path{&root, "extensions"},
         "Without " + std::string(own->id) + " this is not the " + std::string(type_.name) + " that is known here.",
         "Name that extension definition, if it is meant.");
  }
}

void Walk::find(Code code, Path const& at, std::string detail, std::string remedy) {
  if (findings.size() < limits_.findings)
    findings.push_back({code, std::move(detail), at.pointer(), std::move(remedy)});
}

void Walk::warn(Code code, Path const& at, std::string detail, std::string remedy) {
  if (warnings.size() < limits_.findings)
    warnings.push_back({code, std::move(detail), at.pointer(), std::move(remedy)});
}

// Members and rows are both sorted by name, so one pass over the two finds what is there, what is missing and what is
// unknown.
void Walk::object(Shape const& shape, Json const& value, Path const& at) {
  auto row = shape.properties.begin();
  auto const end = shape.properties.end();
  for (auto const& [name, member] : value.get_ref<Json::object_t const&>()) {
    for (; row != end && row->name < name; ++row) missing(shape, *row, at);
    Path const here{&at, name};
    if (row == end || row->name != name) {
      undefined(shape, name, here);
      continue;
    }
    if (row->need == Need::misplaced && !shape.custom) name_unknown(name);
    if (row->need == Need::deprecated)
      warn(Code::property_unknown, here, in_ticks(name) + " is deprecated in STIX 2.1.");
    this->value(row->type, member, here);
    ++row;
  }
  for (; row != end; ++row) missing(shape, *row, at);
  for (auto const& rule : shape.rules) rule.check(rule, {value, shape, at, *this});
}

void Walk::missing(Shape const& shape, Property const& row, Path const& at) {
  if (row.need != Need::required) return;
  Path const here{&at, row.name};
  if (row.type.kind == Kind::spec_version) {
    find(Code::spec_version, here, "The object does not say that it is STIX 2.1.", "Add \"spec_version\": \"2.1\".");
  } else {
    find(Code::property_missing, here, "The " + std::string(shape.name) + " needs " + in_ticks(row.name) + ".",
         "Add it: it must be " + expectation(row.type) + ".");
  }
}

void Walk::undefined(Shape const& shape, std::string_view name, Path const& at) {
  if (!is_property_name(name)) {
    find(Code::property_unknown, at, "A property name has 3 to 250 characters of a–z, 0–9 and underscores.",
         "Rename the property or remove it.");
  } else if (shape.closed) {
    find(Code::property_unknown, at, "The " + std::string(shape.name) + " has no property " + in_ticks(name) + ".",
         "Remove it: schema/json lists the properties there are.");
  } else if (!shape.custom && !name.starts_with("x_")) {
    name_unknown(name);
  }
}

void Walk::name_unknown(std::string_view name) {
  constexpr std::size_t kNamed = 3;
  if (unknown_count_++ >= kNamed) return;
  if (!unknown_names_.empty()) unknown_names_ += ", ";
  unknown_names_ += in_ticks(name);
}

void Walk::report_unknown() {
  if (unknown_count_ == 0 || toplevel_extension_) return;
  warn(Code::property_unknown, Path{},
       "STIX 2.1 does not define " + std::to_string(unknown_count_) + " propert" + (unknown_count_ == 1 ? "y" : "ies") +
           " of this " + std::string(type_.shape.name) + ": " + unknown_names_ + (unknown_count_ > 3 ? ", …" : "") +
           ".",
       "Carry further properties in an extension.");
}

void Walk::value(Type const& type, Json const& value, Path const& at) {
  if (!type.list) return single(type, value, at);
  if (!value.is_array()) return wrong_type(type, at);
  if (value.empty()) return find(Code::property_value, at, "The list is empty.", "Leave the property out instead.");
  Type item = type;
  item.list = false;
  Path here{.parent = &at};
  for (auto const& member : value) {
    single(item, member, here);
    ++here.index;
  }
}

void Walk::single(Type const& type, Json const& value, Path const& at) {
  switch (type.kind) {
    case Kind::text:
      return text(type, value, at);
    case Kind::boolean:
      return value.is_boolean() ? void() : wrong_type(type, at);
    case Kind::integer:
    case Kind::number:
      return amount(type, value, at);
    case Kind::timestamp:
      return moment(value, at);
    case Kind::own_type:
      return;  // the shape was chosen by it
    case Kind::own_id:
      return own_id(value, at);
    case Kind::spec_version:
      return spec_version(value, at);
    case Kind::reference:
      return value.is_string() ? reference(*type.targets, value, at) : wrong_type(type, at);
    case Kind::word:
      return value.is_string() ? word(*type.words, value, at) : wrong_type(type, at);
    default:
      break;
  }
  if (!value.is_object()) return wrong_type(type, at);
  // An extension that only declares new top-level properties has something in it too: its type.
  if (value.empty()) return find(Code::property_value, at, "The object is empty.", "Leave the property out instead.");
  switch (type.kind) {
    case Kind::structure:
      return object(*type.shape, value, at);
    case Kind::hashes:
      return hashes(value, at);
    case Kind::dictionary:
      return dictionary(type.entries, value, at);
    case Kind::extensions:
      return extensions(value, at);
    case Kind::translations:
      return translations(value, at);
    case Kind::container:
      return container(value, at);
    default:
      return;
  }
}

void Walk::wrong_type(Type const& type, Path const& at) {
  find(Code::property_type, at, subject(at) + " must be " + expectation(type) + ".", "Send a value of that type.");
}

}  // namespace tocsin::stix::rules
