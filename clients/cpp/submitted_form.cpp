#include "clients/cpp/submitted_form.hpp"

#include <nlohmann/json.hpp>

#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/item_forms.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

bool is_item(stix::Json const& object) {
  return !object.contains("type") &&
         (object.contains("kind") || object.contains("Event") || object.contains("response"));
}

}  // namespace

bool holds_items(std::string_view name, std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto const begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return false;
  if (text[begin] != '{' && text[begin] != '[') {
    auto const form = form_of_file(name, text);
    bool const named = name.ends_with(".csv") || name.ends_with(".txt") || name.ends_with(".list");
    return named || begins_with_header(form, text.substr(begin), TableHead::told_by_names);
  }
  auto const objects = split_input(text);
  if (!objects || objects->empty()) return false;
  auto const first = stix::parse_json(objects->front());
  return first && first->is_object() && is_item(*first);
}

}  // namespace tocsin::client
