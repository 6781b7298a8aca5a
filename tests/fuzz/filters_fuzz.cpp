// From a query string to filters and back: what is accepted has one way to be written, which reads back as the same,
// whatever the order and the spelling of what was asked.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ranges>
#include <string>
#include <string_view>

#include "server/catalog/filters.hpp"
#include "server/http/message.hpp"

namespace {

using namespace tocsin;
using catalog::Filters;

void must(bool holds) {
  if (!holds) std::abort();
}

bool same(Filters const& a, Filters const& b) {
  return a.ids == b.ids && a.types == b.types && a.versions.first == b.versions.first &&
         a.versions.last == b.versions.last && a.versions.all == b.versions.all &&
         a.versions.exact_ns == b.versions.exact_ns && a.no_spec_version == b.no_spec_version &&
         a.added_after_us == b.added_after_us && a.text == b.text;
}

void check_refusal(core::Error const& error) {
  must(error.code == core::Code::bad_parameter && error.detail.ends_with('.') && error.detail.size() < 200);
  must(!error.remedy.empty());
}

void check_accepted(Filters const& filters) {
  must(filters.ids.size() <= 100 && filters.types.size() <= 100 && filters.versions.exact_ns.size() <= 100);
  must(std::ranges::is_sorted(filters.ids) && std::ranges::is_sorted(filters.types));
  auto const& versions = filters.versions;
  must(versions.all || versions.first || versions.last || !versions.exact_ns.empty());
  if (versions.all) must(!versions.first && !versions.last && versions.exact_ns.empty());
  must(std::ranges::all_of(filters.text, [](char c) { return (c > ' ' && c < 0x7F) || c == '\n'; }));
  auto const again = Filters::parse_text(filters.text);
  must(again && same(*again, filters));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  if (auto const filters = Filters::parse_text(text)) check_accepted(*filters);
  auto const query = http::Query::parse(text);
  if (!query) return 0;
  auto const filters = Filters::parse(query->parameters());
  auto turned = query->parameters();
  std::ranges::reverse(turned);
  auto const other = Filters::parse(turned);
  must(filters.has_value() == other.has_value());
  if (!filters) {
    check_refusal(filters.error());
    return 0;
  }
  check_accepted(*filters);
  must(same(*filters, *other));
  return 0;
}
