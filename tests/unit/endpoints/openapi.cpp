#include "tests/unit/endpoints/openapi.hpp"

#include <regex.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <ranges>
#include <set>
#include <stdexcept>

#include "schema/core/bytes.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

json plain_scalar(std::string const& text) {
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return text;
}

bool matches(std::string const& pattern, std::string const& text) {
  ::regex_t compiled;
  if (::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
    throw std::runtime_error("the pattern " + pattern + " does not compile");
  bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

bool is_of_type(json const& value, std::string const& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  throw std::runtime_error("the type " + type + " is unknown");
}

// One value against one schema, with the place in the value for the sentences.
class Check {
 public:
  Check(OpenApi const& document, std::vector<std::string>& out) : document_(document), out_(out) {}

  void run(YAML::Node const& schema, json const& value, std::string const& where) {
    for (auto const& pair : schema) keyword(pair.first.as<std::string>(), pair.second, schema, value, where);
    if (value.is_object()) check_names(schema, value, where);
  }

 private:
  void must(bool holds, std::string const& where, std::string const& what) {
    if (!holds) out_.push_back((where.empty() ? "/" : where) + " " + what);
  }

  void keyword(std::string const& name, YAML::Node const& rule, YAML::Node const& schema, json const& value,
               std::string const& where) {
    static std::set<std::string> const kTexts{"description", "example", "additionalProperties"};
    if (kTexts.contains(name)) return;
    if (name == "$ref") return run(document_.at(rule.as<std::string>()), value, where);
    if (name == "type") return check_type(rule, value, where);
    if (name == "const") return must(value == to_json(rule), where, "is not the constant " + value.dump());
    if (name == "enum") return check_enum(rule, value, where);
    if (name == "oneOf") return check_one_of(rule, value, where);
    if (value.is_object() && name == "properties") return;  // by check_names
    if (value.is_object() && name == "required") return check_required(rule, value, where);
    if (value.is_array() && name == "items") return check_items(rule, value, where);
    if (check_size(name, rule, value, where) || check_text(name, rule, value, where)) return;
    static std::set<std::string> const kOfOtherTypes{"properties", "required", "items",     "minItems", "maxItems",
                                                     "minLength",  "pattern",  "maxLength", "format",   "minimum"};
    must(kOfOtherTypes.contains(name) && schema["type"], where,
         "has the keyword " + name + ", which is not understood");
  }

  void check_type(YAML::Node const& rule, json const& value, std::string const& where) {
    bool fits = false;
    if (rule.IsScalar()) fits = is_of_type(value, rule.as<std::string>());
    for (auto const& type : rule) fits = fits || is_of_type(value, type.as<std::string>());
    must(fits, where, "is of another type");
  }

  void check_enum(YAML::Node const& rule, json const& value, std::string const& where) {
    bool found = std::ranges::any_of(to_json(rule), [&](json const& one) { return one == value; });
    must(found, where, "is none of the values");
  }

  void check_one_of(YAML::Node const& rule, json const& value, std::string const& where) {
    std::size_t fitting = 0;
    for (auto const& schema : rule) fitting += document_.breaches(schema, value).empty() ? 1 : 0;
    must(fitting == 1, where, "fits " + std::to_string(fitting) + " of the alternatives");
  }

  void check_required(YAML::Node const& rule, json const& value, std::string const& where) {
    for (auto const& name : rule)
      must(value.contains(name.as<std::string>()), where, "has no " + name.as<std::string>());
  }

  void check_items(YAML::Node const& rule, json const& value, std::string const& where) {
    for (std::size_t i = 0; i < value.size(); ++i) run(rule, value[i], where + "/" + std::to_string(i));
  }

  bool check_size(std::string const& name, YAML::Node const& rule, json const& value, std::string const& where) {
    if (value.is_array() && name == "minItems")
      must(value.size() >= rule.as<std::size_t>(), where, "is too short");
    else if (value.is_array() && name == "maxItems")
      must(value.size() <= rule.as<std::size_t>(), where, "is too long");
    else if (value.is_number() && name == "minimum")
      must(value.get<std::int64_t>() >= rule.as<std::int64_t>(), where, "is too small");
    else
      return false;
    return true;
  }

  bool check_text(std::string const& name, YAML::Node const& rule, json const& value, std::string const& where) {
    if (!value.is_string()) return false;
    auto const& text = value.get_ref<std::string const&>();
    if (name == "pattern")
      must(matches(rule.as<std::string>(), text), where, "does not match " + rule.as<std::string>());
    else if (name == "minLength")
      must(text.size() >= rule.as<std::size_t>(), where, "is too short");
    else if (name == "maxLength")
      must(text.size() <= rule.as<std::size_t>(), where, "is too long");
    else if (name == "format" && rule.as<std::string>() == "uuid")
      must(core::parse_uuid(text).has_value(), where, "is no UUID");
    else if (name == "format" && rule.as<std::string>() == "uri")
      must(text.starts_with("https://"), where, "is no URI");
    else
      return false;
    return true;
  }

  void check_names(YAML::Node const& schema, json const& value, std::string const& where) {
    auto const properties = schema["properties"];
    if (!properties) return;
    bool open = schema["additionalProperties"] && schema["additionalProperties"].as<bool>();
    for (auto const& [name, member] : value.items()) {
      if (properties[name])
        run(properties[name], member, where + "/" + name);
      else
        must(open, where, "has the member " + name + ", which the schema does not name");
    }
  }

  OpenApi const& document_;
  std::vector<std::string>& out_;
};

}  // namespace

OpenApi::OpenApi() : root_(YAML::LoadFile("schema/openapi.yaml")) {}

std::vector<Operation> OpenApi::operations() const {
  std::vector<Operation> out;
  for (auto const& path : root_["paths"]) {
    std::vector<YAML::Node> shared;
    for (auto const& parameter : path.second["parameters"]) shared.push_back(resolve(parameter));
    for (auto const& member : path.second) {
      auto method = member.first.as<std::string>();
      if (method == "parameters") continue;
      std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      Operation operation{method, path.first.as<std::string>(), member.second, shared};
      for (auto const& parameter : member.second["parameters"]) operation.parameters.push_back(resolve(parameter));
      out.push_back(std::move(operation));
    }
  }
  return out;
}

YAML::Node OpenApi::at(std::string const& reference) const {
  if (!reference.starts_with("#/")) throw std::runtime_error("the reference " + reference + " leads elsewhere");
  YAML::Node node = root_;
  for (auto const part : std::views::split(std::string_view(reference).substr(2), '/')) {
    YAML::Node const& here = node;  // looking up in a Node that is not const would add what is missing
    auto const next = here[std::string(part.begin(), part.end())];
    if (!next) throw std::runtime_error("the reference " + reference + " leads nowhere");
    node.reset(next);
  }
  return resolve(node);
}

YAML::Node OpenApi::resolve(YAML::Node const& node) const {
  if (node.IsMap() && node["$ref"]) return at(node["$ref"].as<std::string>());
  return node;
}

std::vector<std::string> OpenApi::breaches(YAML::Node const& schema, json const& value) const {
  std::vector<std::string> out;
  Check(*this, out).run(schema, value, "");
  return out;
}

json to_json(YAML::Node const& node) {
  if (node.IsMap()) {
    json out = json::object();
    for (auto const& pair : node) out[pair.first.as<std::string>()] = to_json(pair.second);
    return out;
  }
  if (node.IsSequence()) {
    json out = json::array();
    for (auto const& one : node) out.push_back(to_json(one));
    return out;
  }
  if (node.IsNull()) return nullptr;
  return node.Tag() == "!" ? json(node.Scalar()) : plain_scalar(node.Scalar());
}

}  // namespace tocsin::test
