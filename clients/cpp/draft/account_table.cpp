#include "clients/cpp/draft/account_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kLongestLine = 1u << 20;
constexpr std::string_view kMark = "\xef\xbb\xbf";

void count(Skipped& skipped, std::size_t line) {
  if (skipped.rows++ == 0) skipped.first_line = line;
}

std::unexpected<Failure> too_long(std::size_t line) {
  return fail(Exit::local, "The row that begins in line " + std::to_string(line) + " has no end within 1 MiB.",
              "Look there for a quote that nothing closes.");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

AccountTable::AccountTable(ColumnNames columns, Take take)
    : columns_(std::move(columns)),
      take_(std::move(take)),
      records_([this](Record const& record) { take_record(record); }) {}

Outcome<void> AccountTable::feed(std::string_view piece) {
  if (!lines_) {
    begin_ += piece;
    std::string_view text = begin_;
    if (kMark.starts_with(text.substr(0, kMark.size())) && text.size() < kMark.size()) return {};
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    lines_ = text[first] == '{';
    auto const whole = std::exchange(begin_, {});
    return feed(std::string_view(whole).substr(whole.size() - text.size()));
  }
  if (*lines_) return feed_lines(piece);
  bool const fits = records_.feed(piece);
  if (failure_) return std::unexpected(*failure_);
  if (!fits) return too_long(records_.line());
  return {};
}

Outcome<void> AccountTable::feed_lines(std::string_view piece) {
  while (!piece.empty()) {
    auto const end = piece.find('\n');
    line_ += piece.substr(0, end);
    if (line_.size() > kLongestLine) return too_long(line_number_);
    if (end == piece.npos) return {};
    take_line(std::exchange(line_, {}));
    ++line_number_;
    piece.remove_prefix(end + 1);
  }
  return {};
}

Outcome<void> AccountTable::finish() {
  if (lines_ == std::optional(true)) {
    if (!line_.empty()) take_line(std::exchange(line_, {}));
    return {};
  }
  if (!records_.finish()) return too_long(records_.line());
  if (failure_) return std::unexpected(*failure_);
  if (!places_)
    return fail(Exit::local, "The table is empty.", "Give a CSV file with a header, or one JSON object a line.");
  return {};
}

void AccountTable::take_record(Record const& record) {
  if (failure_) return;
  if (!places_) {
    auto places = columns_.places(record.cells);
    if (!places) {
      failure_ = std::move(places.error());
      return;
    }
    places_ = *places;
    width_ = record.cells.size();
    return;
  }
  ++counts_.rows;
  if (record.cells.size() != width_) return count(counts_.torn, record.line);
  AccountRow row;
  for (std::size_t i = 0; i < kFields; ++i)
    if (auto const place = (*places_)[i]) row[i] = record.cells[*place];
  take_row(row, record.line);
}

void AccountTable::take_line(std::string_view line) {
  if (trimmed(line).empty()) return;
  ++counts_.rows;
  auto const document = stix::parse_json(line);
  if (!document || !document->is_object()) return count(counts_.torn, line_number_);
  std::array<std::string, kFields> texts;
  std::array<std::optional<std::size_t>, kFields> best;
  for (auto const& [name, value] : document->items()) {
    if (!value.is_string() && !value.is_number_integer()) continue;
    for (std::size_t i = 0; i < kFields; ++i) {
      auto const rank = columns_.says(name, static_cast<Field>(i));
      if (!rank || (best[i] && *rank >= *best[i])) continue;
      best[i] = rank;
      texts[i] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  AccountRow row;
  std::ranges::copy(texts, row.begin());
  take_row(row, line_number_);
}

void AccountTable::take_row(AccountRow const& row, std::size_t line) {
  AccountRow clean;
  std::ranges::transform(row, clean.begin(), trimmed);
  if (clean[at(Field::account)].empty()) return count(counts_.nameless, line);
  take_(clean);
}

}  // namespace tocsin::client
