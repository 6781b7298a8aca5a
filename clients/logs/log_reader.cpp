#include "clients/logs/log_reader.hpp"

#include <utility>

namespace tocsin::logs {
namespace {

constexpr std::size_t kToldOf = 5;
constexpr std::string_view kMark = "\xef\xbb\xbf";

FieldNames mapped(Format format, std::vector<std::string> const& maps) {
  FieldNames out(format);
  for (auto const& map : maps) static_cast<void>(out.map(map));  // each was found good by make()
  return out;
}

}  // namespace

LogReader::LogReader(std::optional<Format> format, std::vector<std::string> maps, Take take)
    : format_(format), maps_(std::move(maps)), unmet_(maps_), take_(std::move(take)) {
  if (format_) names_ = mapped(*format_, maps_);
}

core::Result<LogReader> LogReader::make(std::optional<Format> format, std::vector<std::string> maps, Take take) {
  FieldNames names(Format::gateway);
  for (auto const& map : maps)
    if (auto taken = names.map(map); !taken) return std::unexpected(std::move(taken.error()));
  return LogReader(format, std::move(maps), std::move(take));
}

void LogReader::feed(std::string_view piece) {
  unpacking_.feed(piece, [this](std::string_view text) { take_text(text); });
}

void LogReader::take_text(std::string_view text) {
  while (!text.empty()) {
    auto const end = text.find('\n');
    auto const part = text.substr(0, end);
    if (line_.size() + part.size() > kLongestLine) {
      too_long_ = true;
      line_.assign(1, ' ');  // so much is not kept until it ends
      line_.shrink_to_fit();
    } else if (!too_long_) {
      line_ += part;
    }
    if (end == text.npos) return;
    end_line();
    text.remove_prefix(end + 1);
  }
}

// A row of CSV goes on behind a line that ends within quotes.
void LogReader::end_line() {
  if (table_ && !too_long_ && ends_within_quotes(std::string_view(line_).substr(begin_), within_ > 0)) {
    line_ += '\n';
    begin_ = line_.size();
    ++within_;
    return;
  }
  take_line(line_);
  line_.clear();
  begin_ = 0;
  number_ += 1 + std::exchange(within_, 0);
}

core::Result<void> LogReader::finish() {
  auto whole = unpacking_.finish([this](std::string_view text) { take_text(text); });
  if (whole && !line_.empty()) end_line();  // else it is a piece of a line
  if (whole && within_ > 0)
    // Whoever left a quote open may have hidden all that comes after it.
    whole = core::fail(core::Code::bad_request,
                       "The row that begins in line " + std::to_string(number_) + " has a quote that nothing closes.",
                       {}, "Look there, or cut the log behind its last whole row.");
  line_.clear();
  return whole;
}

void LogReader::take_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (number_ == 1 && line.starts_with(kMark)) line.remove_prefix(kMark.size());
  bool const too_long = std::exchange(too_long_, false);
  if (!too_long && line.find_first_not_of(" \t") == line.npos) return;
  if (!too_long && take_header(line)) return;
  ++counts_.lines;
  auto const record = too_long ? core::fail(core::Code::content_too_large, "It is longer than 16 MiB.") : map(line);
  if (record) {
    ++counts_.records;
    unmet_.take(*record);
    return take_(*record);
  }
  if (counts_.worst.size() < kToldOf) counts_.worst.push_back({number_, record.error().detail});
}

bool LogReader::take_header(std::string_view line) {
  if (table_ || (format_ ? *format_ != Format::csv : recognise(line).has_value())) return false;
  auto table = CsvTable::of_header(line, mapped(Format::csv, maps_));
  if (!table) return false;
  table_ = *std::move(table);
  format_ = Format::csv;
  return true;
}

core::Result<AccessRecord> LogReader::map(std::string_view line) {
  if (!format_) {
    format_ = recognise(line);
    if (!format_) return core::fail(core::Code::property_type, "It is of no format that is known.");
    names_ = mapped(*format_, maps_);
  }
  if (table_) return table_->map(line);
  if (*format_ == Format::csv)
    return core::fail(core::Code::property_missing, "It is no header that names a time, and an account or an address.");
  return *format_ == Format::alb ? map_alb_line(line) : map_json_line(line, *names_);
}

}  // namespace tocsin::logs
