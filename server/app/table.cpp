#include "server/app/table.hpp"

#include <algorithm>

namespace tocsin::app {
namespace {

std::size_t places(std::string const& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string table_for_people(std::vector<std::string> const& header, TextRows const& rows) {
  std::vector<std::size_t> widths;
  for (auto const& word : header) widths.push_back(places(word));
  for (auto const& row : rows)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], places(row.at(i)));
  std::string out;
  auto add = [&](std::vector<std::string> const& row) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      out += row[i];
      if (i + 1 < widths.size()) out += std::string(widths[i] - places(row[i]) + 2, ' ');
    }
    out += '\n';
  };
  add(header);
  for (auto const& row : rows) add(row);
  return rows.empty() ? "There is none.\n" : out;
}

std::string table_for_programs(TextRows const& rows) {
  std::string out;
  for (auto const& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "\t") + row[i];
    out += '\n';
  }
  return out;
}

}  // namespace tocsin::app
