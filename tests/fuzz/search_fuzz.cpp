// From a query string to what a search asks for: keys in order and apart, whatever is asked, and a search that goes on
// from its own `next` is the same search. An indicator whose pattern is the text is found by each value it names.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/kinds/words.hpp"
#include "server/catalog/indicator_search.hpp"
#include "server/http/message.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

catalog::CursorCodec const& cursors() {
  static catalog::CursorCodec const kCursors{core::Digest{}};
  return kCursors;
}

std::string nobody(std::string_view) { return {}; }

void check_order(std::vector<kinds::KeyRange> const& keys) {
  for (auto const& one : keys) must(one.first < one.end);
  for (std::size_t i = 1; i < keys.size(); ++i) must(keys[i - 1].end <= keys[i].first);
}

bool same(catalog::IndicatorSearch const& a, catalog::IndicatorSearch const& b) {
  auto const equal = [](kinds::KeyRange const& one, kinds::KeyRange const& other) {
    return one.first == other.first && one.end == other.end;
  };
  return a.text == b.text && std::ranges::equal(a.query.keys, b.query.keys, equal) &&
         a.query.facets == b.query.facets && a.query.creator == b.query.creator &&
         a.query.min_confidence == b.query.min_confidence && a.query.active_at_us == b.query.active_at_us;
}

void ask(std::string_view text) {
  auto const query = http::Query::parse(text);
  if (!query) return;
  auto const search = catalog::parse_indicator_search(query->parameters(), cursors(), nobody);
  if (!search) {
    must(search.error().code == core::Code::bad_parameter && !search.error().remedy.empty());
    return;
  }
  check_order(search->query.keys);
  store::IndicatorPlace const place{std::string(text.substr(0, 40)), 7};
  std::vector<std::pair<std::string, std::string>> const next{{"next", next_of(*search, place, cursors())}};
  auto const again = catalog::parse_indicator_search(next, cursors(), nobody);
  must(again && same(*again, *search) && again->query.after == place);
  auto limited = again->query;
  catalog::keep_to_kinds(limited, {"proxy-asn", "ip-range", "ip-range"});
  check_order(limited.keys);
  must(limited.keys.size() <= std::max<std::size_t>(2, again->query.keys.size()));
}

void find(std::string_view pattern) {
  if (!core::is_utf8(pattern)) return;
  for (auto const* kind : kinds::kinds()) {
    nlohmann::json const object{
        {"type", "indicator"},
        {"pattern", pattern},
        {"pattern_type", "stix"},
        {"extensions", {{std::string(kinds::kIndicatorExtension), {{"indicator_kind", std::string(kind->name)}}}}}};
    auto const found = kinds::searchable(object).value();
    must(!found.keys.empty() && found.keys.size() <= kinds::kMostKeys && std::ranges::is_sorted(found.keys));
    for (auto const& key : found.keys) must(kinds::kind_of_key(key) == kind->name);
    auto const values = kinds::values_of(object);
    if (values.size() > kinds::kMostKeys) continue;
    for (auto const& value : values) {
      auto const asked = kinds::keys_of_value(kind->name, value);
      must(asked.has_value());
      check_order(*asked);
      must(std::ranges::any_of(*asked,
                               [&](auto const& range) { return std::ranges::binary_search(found.keys, range.first); }));
    }
  }
}

// What a question finds by comparing, it finds by facets too; and a text is found by its own first word.
void read_words(std::string_view text) {
  if (!core::is_utf8(text)) return;
  nlohmann::json const object{{"type", "indicator"}, {"name", "seen in May"}, {"description", text}};
  auto const facets = kinds::word_facets(object, kinds::kMostWords * 100);
  must(std::ranges::is_sorted(facets));
  auto const query = kinds::TextQuery::parse(text);
  if (!query) {
    must(!query.error().remedy.empty());
    return;
  }
  must(!query->facets().empty());
  auto const has = [&](std::string const& one) { return std::ranges::binary_search(facets, one); };
  if (query->matches(object)) must(std::ranges::all_of(query->facets(), has));
  if (query->is_told_by_facets()) must(std::ranges::all_of(query->facets(), has) && query->matches(object));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  ask(text);
  find(text);
  read_words(text);
  return 0;
}
