#include "schema/stix/rules/selector.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/stix/rules/formats.hpp"

namespace tocsin::stix::rules {
namespace {

std::optional<std::size_t> index_of(std::string_view component) {
  if (component.size() < 3 || !component.starts_with('[') || !component.ends_with(']')) return std::nullopt;
  auto const digits = component.substr(1, component.size() - 2);
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  std::size_t index = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return index;
}

}  // namespace

Selected select(Json const& document, std::string_view selector) {
  Json const* here = &document;
  while (true) {
    auto const dot = selector.find('.');
    auto const component = selector.substr(0, dot);
    auto const index = index_of(component);
    if (!index && !is_dictionary_key(component)) return Selected::malformed;
    if (here != nullptr) {
      Json const* next = nullptr;
      if (index) {
        if (here->is_array() && *index < here->size()) next = &(*here)[*index];
      } else if (here->is_object()) {
        auto const found = here->find(component);
        if (found != here->end()) next = &*found;
      }
      here = next;  // the rest is read for its syntax even when there is nothing left to follow
    }
    if (dot == selector.npos) return here == nullptr ? Selected::nothing : Selected::found;
    selector.remove_prefix(dot + 1);
  }
}

}  // namespace tocsin::stix::rules
