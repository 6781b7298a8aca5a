#include "schema/kinds/cells.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

namespace rules = stix::rules;

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// 2026-01-31
bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

// A number as strict JSON has it; anything else stays text.
Json number(std::string_view text) {
  auto parsed = stix::parse_json(text);
  return parsed && parsed->is_number() ? *std::move(parsed) : Json(text);
}

Json single(rules::Type const& type, std::string_view text) {
  switch (type.kind) {
    case rules::Kind::integer:
    case rules::Kind::number:
      return number(text);
    case rules::Kind::boolean:
      if (auto const word = lower_case(std::string(text)); word == "true" || word == "false") return word == "true";
      return text;
    case rules::Kind::timestamp:
      return is_date(text) ? std::string(text) + "T00:00:00.000Z" : std::string(text);
    case rules::Kind::word:
      return type.words->open ? std::string(text) : lower_case(std::string(text));
    default:
      return text;
  }
}

Json value_of(rules::Type const& type, std::string_view text) {
  if (!type.list) return single(type, text);
  Json out = Json::array();
  for (bool more = true; more;) {
    auto const end = text.find(';');
    if (auto const item = trimmed(text.substr(0, end)); !item.empty()) out.push_back(single(type, item));
    more = end != text.npos;
    if (more) text.remove_prefix(end + 1);
  }
  return out;
}

rules::Property const* row_of(Kind const* kind, std::string_view name) {
  if (kind == nullptr) return nullptr;
  auto const& rows = native_type(*kind).shape.properties;
  auto const found = std::ranges::find(rows, name, &rules::Property::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

void add_cells(Json& document, Cells const& cells) {
  if (!document.is_object()) return;
  for (auto const& [name, text] : cells)
    if (name == "kind" && !document.contains("kind") && !trimmed(text).empty())
      document["kind"] = lower_case(std::string(trimmed(text)));
  auto const named = document.find("kind");
  auto const* kind =
      named != document.end() && named->is_string() ? find_kind(named->get_ref<std::string const&>()) : nullptr;
  for (auto const& [name, text] : cells) {
    auto const said = trimmed(text);
    if (said.empty() || document.contains(name)) continue;
    auto const* row = row_of(kind, name);
    document[name] = row != nullptr ? value_of(row->type, said) : Json(said);
  }
}

}  // namespace tocsin::kinds
