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

// "": it was erased, or has none.
std::string pattern_in(std::string_view bytes) {
  auto const object = stix::parse_json(bytes);
  return object ? std::string(match::pattern_text(*object)) : std::string();
}

}  // namespace

std::string_view kind_of(store::ListedIndicator const& one) {
  return one.keys.empty() ? std::string_view() : kinds::kind_of_key(one.keys.front());
}

bool needs_bytes(store::ListedIndicator const& one) {
  return !one.pattern && one.bytes <= match::kMostIndicatorBytes &&
         (match::is_by_value(kind_of(one)) || is_template(one));
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
  match::add_values(out, kind, one.pattern ? *one.pattern : pattern_in(bytes));
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
