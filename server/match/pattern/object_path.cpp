#include "server/match/pattern/object_path.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <variant>

namespace tocsin::match::pattern {

ObjectPath::ObjectPath(stix::pattern::Path const& path) : type_(path.type) {
  std::string_view last;
  for (auto const& step : path.steps) {
    if (auto const* key = std::get_if<std::string>(&step)) {
      bool const follows = last.ends_with("_ref") || last.ends_with("_refs");
      hops_.push_back({Hop::Kind::key, follows, *key, 0});
      last = *key;
    } else if (auto const* index = std::get_if<std::int64_t>(&step)) {
      // No list has an element of a negative index, nor one of the largest.
      auto const at = *index < 0 ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(*index);
      hops_.push_back({Hop::Kind::index, false, {}, at});
    } else {
      hops_.push_back({Hop::Kind::every, false, {}, 0});
      branches_ = true;
    }
  }
  if (last.ends_with("_hex")) form_ = Form::hex;
  if (last.ends_with("_bin")) form_ = Form::base64;
}

stix::Json const* ObjectPath::next(Hop const& hop, stix::Json const& value, Observation const& around) {
  if (hop.kind == Hop::Kind::index) return value.is_array() && hop.index < value.size() ? &value[hop.index] : nullptr;
  stix::Json const* object = &value;
  if (hop.follows_reference && value.is_string()) object = around.named(value.get_ref<std::string const&>());
  if (object == nullptr || !object->is_object()) return nullptr;
  auto const found = object->find(hop.key);
  return found == object->end() ? nullptr : &*found;
}

bool ObjectPath::any(stix::Json const& object, Observation const& around,
                     std::function<bool(stix::Json const&)> const& holds) const {
  if (branches_) return any_of_many(object, around, holds);
  stix::Json const* value = &object;
  for (auto const& hop : hops_) {
    value = next(hop, *value, around);
    if (value == nullptr) return false;
  }
  return !value->is_null() && holds(*value);
}

// All the values of one step before any of the next, each once: references may lead to one object in many ways.
bool ObjectPath::any_of_many(stix::Json const& object, Observation const& around,
                             std::function<bool(stix::Json const&)> const& holds) const {
  std::vector<stix::Json const*> here{&object};
  std::vector<stix::Json const*> there;
  for (auto const& hop : hops_) {
    there.clear();
    for (auto const* value : here) {
      if (hop.kind != Hop::Kind::every) {
        if (auto const* found = next(hop, *value, around)) there.push_back(found);
      } else if (value->is_array()) {
        for (auto const& element : *value) there.push_back(&element);
      }
    }
    std::ranges::sort(there);
    there.erase(std::ranges::unique(there).begin(), there.end());
    std::swap(here, there);
  }
  return std::ranges::any_of(here, [&](stix::Json const* value) { return !value->is_null() && holds(*value); });
}

}  // namespace tocsin::match::pattern
