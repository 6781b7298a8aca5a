#include "clients/logs/csv_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "clients/logs/line_mapper.hpp"
#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::logs {
namespace {

// The cell that a text begins with, taken off it without what comes behind. nullopt: its quotes are wrong.
std::optional<std::string> take_cell(std::string_view& text) {
  if (!text.starts_with('"')) {
    auto const cell = text.substr(0, text.find(','));
    text.remove_prefix(cell.size());
    return cell.contains('"') ? std::nullopt : std::optional<std::string>(cell);
  }
  std::string out;
  for (text.remove_prefix(1);;) {
    auto const quote = text.find('"');
    if (quote == text.npos) return std::nullopt;
    out += text.substr(0, quote);
    text.remove_prefix(quote + 1);
    if (!text.starts_with('"')) break;
    out += '"';
    text.remove_prefix(1);
  }
  return text.empty() || text.front() == ',' ? std::optional(std::move(out)) : std::nullopt;
}

bool holds(std::vector<std::string> const& all, std::string const& one) {
  return std::ranges::find(all, one) != all.end();
}

bool any_of(FieldNames const& names, Field field, std::vector<std::string> const& cells) {
  return std::ranges::any_of(names.of(field), [&](auto const& name) { return holds(cells, name); });
}

bool is_read(FieldNames const& names, std::string const& column) {
  for (std::size_t field = 0; field < kFields; ++field)
    if (holds(names.of(static_cast<Field>(field)), column)) return true;
  return false;
}

}  // namespace

bool ends_within_quotes(std::string_view line, bool within) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  bool begins = !within;  // a cell
  for (std::size_t at = 0; at < line.size(); ++at) {
    bool const quote = line[at] == '"', last = at + 1 == line.size();
    if (within && quote && !last && line[at + 1] == '"') {
      ++at;
    } else if (within && quote) {
      if (!last && line[at + 1] != ',') return false;
      within = false;
    } else if (!within && quote) {
      if (!begins) return false;
      within = true;
    }
    begins = !within && line[at] == ',';
  }
  return within;
}

core::Result<std::vector<std::string>> csv_cells(std::string_view row) {
  std::vector<std::string> out;
  for (;;) {
    auto cell = take_cell(row);
    if (!cell) return core::fail(core::Code::property_value, "It has a quote where none may be.");
    out.push_back(*std::move(cell));
    if (row.empty()) return out;
    row.remove_prefix(1);
  }
}

CsvTable::CsvTable(FieldNames names, std::vector<std::string> columns)
    : names_(std::move(names)), columns_(std::move(columns)) {}

core::Result<CsvTable> CsvTable::of_header(std::string_view line, FieldNames names) {
  auto cells = csv_cells(line);
  if (!cells) return std::unexpected(std::move(cells.error()));
  if (!any_of(names, Field::time, *cells) ||
      !(any_of(names, Field::account, *cells) || any_of(names, Field::address, *cells)))
    return core::fail(core::Code::property_missing, "It names no time, or neither an account nor an address.");
  for (auto& cell : *cells) {
    if (!is_read(names, cell)) cell.clear();
    if (!cell.empty() && std::ranges::count(*cells, cell) > 1)
      return core::fail(core::Code::property_value, "It names a column twice.");
  }
  return CsvTable(std::move(names), *std::move(cells));
}

core::Result<AccessRecord> CsvTable::map(std::string_view row) const {
  std::string text(row);
  if (!core::is_utf8(text))
    for (auto& byte : text)
      if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  auto cells = csv_cells(text);
  if (!cells) return std::unexpected(std::move(cells.error()));
  if (cells->size() != columns_.size())
    return core::fail(core::Code::property_value, "It has more cells than the header, or fewer.");
  stix::Json document = stix::Json::object();
  for (std::size_t at = 0; at < columns_.size(); ++at)
    if (!columns_[at].empty()) document[columns_[at]] = std::move((*cells)[at]);
  return map_document(document, names_);
}

}  // namespace tocsin::logs
