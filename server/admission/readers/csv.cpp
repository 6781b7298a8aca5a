#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "server/admission/readers/reader.hpp"

namespace tocsin::admission {
namespace {

using Columns = std::vector<std::string>;

// RFC 4180, a record at a time.
class Records {
 public:
  // `line` is that of the beginning of `text`. `last`: nothing follows it.
  Records(std::string_view text, std::size_t line, bool last) : text_(text), line_(line), last_(last) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] std::size_t line() const { return line_; }  // where the next record begins
  [[nodiscard]] std::string_view rest() const { return text_; }

  // The cells of the next record; nullopt when it goes on beyond the text. Error items_invalid: a quote that is not
  // where one may be, or is never closed; the line is left behind.
  core::Result<std::optional<Columns>> next() {
    Columns cells;
    for (;;) {
      auto cell = text_.starts_with('"') ? quoted() : plain();
      if (goes_on_) return std::nullopt;
      if (!cell) return std::unexpected(cell.error());
      cells.push_back(*std::move(cell));
      if (text_.starts_with(',')) {
        text_.remove_prefix(1);
        continue;
      }
      (void)take_line(text_);
      ++line_;
      return cells;
    }
  }

 private:
  core::Result<std::string> plain() {
    auto cell = text_.substr(0, text_.find_first_of(",\n"));
    text_.remove_prefix(cell.size());
    if (cell.ends_with('\r') && !text_.starts_with(',')) cell.remove_suffix(1);
    if (cell.find('"') == cell.npos) return std::string(cell);
    return stray("A quote stands in a cell that does not begin with one.");
  }

  core::Result<std::string> quoted() {
    auto const whole = text_;
    std::string out;
    for (text_.remove_prefix(1);; text_.remove_prefix(1)) {
      auto const quote = text_.find('"');
      if (quote == text_.npos) {
        goes_on_ = !last_;
        if (goes_on_) return out;
        text_ = whole;
        return stray("A quoted cell is never closed.");
      }
      out += text_.substr(0, quote);
      text_.remove_prefix(quote + 1);
      if (!text_.starts_with('"')) break;
      out += '"';
    }
    line_ += static_cast<std::size_t>(std::ranges::count(out, '\n'));
    if (text_.empty() || text_.starts_with(',') || text_.starts_with('\n') || text_.starts_with("\r\n")) return out;
    return stray("Something follows the closing quote of a cell.");
  }

  std::unexpected<core::Error> stray(std::string detail) {
    (void)take_line(text_);
    ++line_;
    return core::fail(core::Code::items_invalid, std::move(detail), "",
                      "Quote the whole cell, and write a quote inside it twice.");
  }

  std::string_view text_;
  std::size_t line_;
  bool const last_;
  bool goes_on_ = false;
};

constexpr std::size_t kMostColumns = 256;

Columns named(Columns cells) {
  for (auto& cell : cells) cell = column_name(cell);
  return cells;
}

bool has(Columns const& columns, std::string_view name) { return std::ranges::find(columns, name) != columns.end(); }

core::Result<void> check_size(Columns const& columns) {
  if (columns.size() <= kMostColumns) return {};
  return core::fail(core::Code::items_invalid,
                    "The header names more than " + std::to_string(kMostColumns) + " columns.", "",
                    "Leave out the columns that no kind has.");
}

core::Result<void> check(Columns const& columns) {
  if (auto good = check_size(columns); !good) return good;
  std::set<std::string_view> names;
  for (auto const& name : columns)
    if (name.empty() || !names.insert(name).second)
      return core::fail(core::Code::items_invalid, "The header has a column without a name, or one name twice.", "",
                        "Name each column once.");
  return {};
}

core::Error too_many(std::size_t columns) {
  return {core::Code::items_invalid, "The record has more than " + std::to_string(columns) + " cells.", "",
          "Quote cells that hold a comma."};
}

core::Result<void> check(Layout const& layout, Columns const& header) {
  if (auto good = check_size(header); !good) return good;
  for (auto const& [column, property] : layout.names)
    if (std::ranges::count(header, column) != 1)
      return core::fail(core::Code::items_invalid,
                        "The header does not have exactly one column `" + column + "`, which `map` names.", "",
                        "Name columns as the header of the table does.");
  return {};
}

// The properties of the columns that the layout names; "" for the others, which are not read.
Columns mapped(Layout const& layout, Columns header) {
  for (auto& name : header) {
    auto const found = std::ranges::find(layout.names, name, &std::pair<std::string, std::string>::first);
    name = found == layout.names.end() ? std::string() : found->second;
  }
  return header;
}

bool is_blank(Columns const& cells) { return std::ranges::all_of(cells, &std::string::empty); }

class Table final : public LineReader {
 public:
  Table(kinds::Cells defaults, Layout layout)
      : defaults_(std::move(defaults)),
        layout_(std::move(layout)),
        columns_(std::make_shared<Columns const>(layout_.columns.empty() ? without_header() : layout_.columns)),
        begins_(layout_.columns.empty()) {}

  core::Result<void> read(std::string_view& text, bool last, Items& items) override {
    Records records(text, line_, last);
    while (!records.at_end()) {
      Place place{.line = records.line(), .columns = columns_};
      auto cells = records.next();
      if (cells && !*cells) break;
      text = records.rest();
      line_ = records.line();
      if (std::exchange(begins_, false) && cells) {
        auto const header = take_header(**cells);
        if (!header) return std::unexpected(header.error());
        if (*header) continue;
      }
      if (!(cells ? give(**cells, std::move(place), items) : items.refuse(std::move(place), cells.error()))) break;
    }
    return {};
  }

 private:
  static Columns const& without_header() {
    static Columns const kColumns{"kind", "value", "confidence", "tlp", "valid_until", "campaign", "description"};
    return kColumns;
  }

  // Whether the first record is a header.
  core::Result<bool> take_header(Columns const& cells) {
    auto names = named(cells);
    if (layout_.names.empty() && !has(names, "kind") && !has(names, "value") && !has(names, "name")) return false;
    if (auto good = layout_.names.empty() ? check(names) : check(layout_, names); !good)
      return std::unexpected(good.error());
    if (!layout_.names.empty()) names = mapped(layout_, std::move(names));
    columns_ = std::make_shared<Columns const>(std::move(names));
    return true;
  }

  bool give(Columns const& cells, Place place, Items& items) const {
    if (is_blank(cells)) return true;
    if (cells.size() > columns_->size()) return items.refuse(std::move(place), too_many(columns_->size()));
    kinds::Cells pairs;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (auto const& name = (*columns_)[i]; !name.empty()) pairs.emplace_back(name, cells[i]);
    stix::Json document = stix::Json::object();
    // The kind may be a default, and what the other cells are depends on it.
    pairs.insert(pairs.end(), defaults_.begin(), defaults_.end());
    kinds::add_cells(document, pairs);
    return items.take(std::move(place), std::move(document));
  }

  kinds::Cells const defaults_;
  Layout const layout_;
  std::shared_ptr<Columns const> columns_;
  bool begins_;  // the next record may be the header
};

}  // namespace

std::unique_ptr<LineReader> table_reader(kinds::Cells defaults, Layout layout) {
  return std::make_unique<Table>(std::move(defaults), std::move(layout));
}

core::Result<void> read_csv(std::string_view body, kinds::Cells const& defaults, Items& items) {
  return read_whole(*table_reader(defaults, {}), body, items);
}

}  // namespace tocsin::admission
