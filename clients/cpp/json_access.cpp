#include "clients/cpp/json_access.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::client {
namespace {

using nlohmann::json;

json const* member(json const& object, char const* name) {
  if (!object.is_object()) return nullptr;
  auto const found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string text_or(json const& object, char const* name, std::string otherwise) {
  auto const* found = member(object, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::move(otherwise);
}

std::size_t number_or(json const& object, char const* name, std::size_t otherwise) {
  auto const* found = member(object, name);
  return found != nullptr && found->is_number_unsigned() ? found->get<std::size_t>() : otherwise;
}

bool flag_or(json const& object, char const* name, bool otherwise) {
  auto const* found = member(object, name);
  return found != nullptr && found->is_boolean() ? found->get<bool>() : otherwise;
}

json const& list_or_empty(json const& object, char const* name) {
  static json const kEmpty = json::array();
  auto const* found = member(object, name);
  return found != nullptr && found->is_array() ? *found : kEmpty;
}

json const& object_or_empty(json const& object, char const* name) {
  static json const kEmpty = json::object();
  auto const* found = member(object, name);
  return found != nullptr && found->is_object() ? *found : kEmpty;
}

}  // namespace tocsin::client
