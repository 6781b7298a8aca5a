#include "server/stream/match_entry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/core/digest.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "server/match/looked_up.hpp"

namespace tocsin::stream {
namespace {

void add_from_bytes(match::Entry& entry, std::string_view kind, std::string_view bytes) {
  if (auto const object = stix::parse_json(bytes)) match::add_values(entry, kind, *object);  // else it was erased
}

}  // namespace

std::string_view kind_of(store::ListedIndicator const& one) {
  return one.keys.empty() ? std::string_view() : kinds::kind_of_key(one.keys.front());
}

// The key of a long value is a digest of it, and of many values not all have one.
bool needs_bytes(store::ListedIndicator const& one) {
  if (one.bytes > match::kMostIndicatorBytes) return false;
  auto const kind = kind_of(one);
  if (kind == match::kKeyedIdentifiers) return true;
  if (!match::is_by_value(kind)) return false;
  return one.keys.size() == kinds::kMostKeys ||
         std::ranges::any_of(one.keys, [](auto const& key) { return !kinds::value_of_key(key); });
}

bool is_template(store::ListedIndicator const& one) {
  return one.bytes <= match::kMostIndicatorBytes && kind_of(one) == match::kPromptTemplates;
}

match::Entry match_entry(store::ListedIndicator const& one, std::uint32_t shown, std::string_view bytes) {
  match::Entry out;
  auto const kind = kind_of(one);
  out.facts.row = one.version;
  out.facts.kind = kinds::find_kind(kind);
  out.facts.asserter = one.asserter;
  out.facts.valid_from_us = one.valid_from_us;
  out.facts.valid_until_us = one.valid_until_us.value_or(match::kForGood);
  if (one.confidence) out.facts.confidence = static_cast<std::int8_t>(*one.confidence);
  out.classes = {shown};
  if (one.bytes > match::kMostIndicatorBytes) return out;
  if (!bytes.empty())
    add_from_bytes(out, kind, bytes);
  else
    for (auto const& key : one.keys)
      if (auto const value = kinds::value_of_key(key)) match::add_value(out, kind, *value);
  return out;
}

core::Uuid match_id(store::RowId collection, store::ListedIndicator const& one) {
  auto const text =
      std::to_string(collection) + '/' + std::to_string(one.asserter) + '/' + core::to_text(one.indicator);
  core::Uuid out{};
  std::ranges::copy_n(core::sha256(text).begin(), out.size(), out.begin());
  return out;
}

}  // namespace tocsin::stream
