#include "server/admission/readers/layout.hpp"

#include <algorithm>
#include <set>

namespace tocsin::admission {
namespace {

constexpr std::size_t kMostColumns = 256;

std::unexpected<core::Error> malformed(std::string detail, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(detail), "", std::move(remedy));
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  for (bool more = true; more;) {
    auto const end = text.find(',');
    out.push_back(text.substr(0, end));
    more = end != text.npos;
    if (more) text.remove_prefix(end + 1);
  }
  return out;
}

core::Result<std::vector<std::string>> columns_of(std::string_view text) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (auto const part : split(text)) {
    out.push_back(column_name(part));
    if (!out.back().empty() && !seen.insert(out.back()).second)
      return malformed("`columns` names a property twice.", "Name each property once.");
  }
  if (seen.empty() || out.size() > kMostColumns)
    return malformed("`columns` names no property, or more than " + std::to_string(kMostColumns) + " columns.",
                     "Name the property of each column: columns=value,,confidence passes over the second.");
  return out;
}

core::Result<std::vector<std::pair<std::string, std::string>>> names_of(std::string_view text) {
  constexpr auto kForm = "Write map=COLUMN:PROPERTY,COLUMN:PROPERTY, as in map=ip:value,score:confidence.";
  std::vector<std::pair<std::string, std::string>> out;
  std::set<std::string> columns, properties;
  for (auto const part : split(text)) {
    auto const colon = part.rfind(':');
    if (colon == part.npos) return malformed("A part of `map` has no colon.", kForm);
    auto column = column_name(part.substr(0, colon)), property = column_name(part.substr(colon + 1));
    if (column.empty() || property.empty()) return malformed("A part of `map` lacks a name.", kForm);
    if (!columns.insert(column).second || !properties.insert(property).second)
      return malformed("`map` names a column or a property twice.", "Give each column one property.");
    out.emplace_back(std::move(column), std::move(property));
  }
  if (out.size() > kMostColumns)
    return malformed("`map` names more than " + std::to_string(kMostColumns) + " columns.", kForm);
  return out;
}

}  // namespace

core::Result<Layout> layout_of(std::string_view columns, std::string_view map) {
  if (!columns.empty() && !map.empty())
    return malformed("`columns` and `map` exclude each other.",
                     "Send `columns` for a table without a header, and `map` for one with a header.");
  Layout out;
  if (!columns.empty()) {
    auto read = columns_of(columns);
    if (!read) return std::unexpected(read.error());
    out.columns = *std::move(read);
  }
  if (!map.empty()) {
    auto read = names_of(map);
    if (!read) return std::unexpected(read.error());
    out.names = *std::move(read);
  }
  return out;
}

std::string column_name(std::string_view cell) {
  auto const begin = cell.find_first_not_of(" \t");
  if (begin == cell.npos) return {};
  std::string out(cell.substr(begin, cell.find_last_not_of(" \t") - begin + 1));
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace tocsin::admission
