// An access log from pieces of its bytes, line by line; it may be packed. Holds one line and a window and no more,
// however long the log is. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/logs/csv_table.hpp"
#include "clients/logs/line_mapper.hpp"
#include "clients/logs/unmet_maps.hpp"
#include "clients/logs/unpacking.hpp"

namespace tocsin::logs {

inline constexpr std::size_t kLongestLine = 16u << 20;  // a prompt of a million tokens is a quarter of it

struct BadLine {
  std::size_t line = 0;  // from 1; of a row of CSV its first
  std::string why;       // a sentence, without anything of the line
};

struct LogCounts {
  std::size_t lines = 0;       // that are not empty; of CSV, rows without the header
  std::size_t records = 0;     // lines that became a record
  std::vector<BadLine> worst;  // the first of the others, at most five
  [[nodiscard]] std::size_t bad() const { return lines - records; }
};

class LogReader {
 public:
  using Take = std::function<void(AccessRecord const&)>;
  // Without a format, that of the first line that is of one. `maps` are FIELD=NAME, as FieldNames::map takes them: they
  // say nothing of the lines of a load balancer. `take` is called for each record. Error bad_parameter.
  [[nodiscard]] static core::Result<LogReader> make(std::optional<Format> format, std::vector<std::string> maps,
                                                    Take take);

  void feed(std::string_view piece);
  // Error bad_request: it was packed, and is not whole, or a row of CSV has no end. What could be read was taken.
  [[nodiscard]] core::Result<void> finish();

  [[nodiscard]] LogCounts const& counts() const { return counts_; }
  // Those of `maps` that no record so far had anything of.
  [[nodiscard]] std::vector<Mapping> const& unmet_maps() const { return unmet_.left(); }
  [[nodiscard]] std::optional<Format> format() const { return format_; }

 private:
  LogReader(std::optional<Format> format, std::vector<std::string> maps, Take take);
  void take_text(std::string_view text);
  void end_line();
  void take_line(std::string_view line);
  [[nodiscard]] bool take_header(std::string_view line);
  [[nodiscard]] core::Result<AccessRecord> map(std::string_view line);

  std::optional<Format> format_;
  std::vector<std::string> maps_;
  UnmetMaps unmet_;
  std::optional<FieldNames> names_;  // of format_, once it is known
  std::optional<CsvTable> table_;    // of CSV, once its header was there
  Take take_;
  Unpacking unpacking_;
  std::string line_;        // the one under way, or the row of several
  std::size_t within_ = 0;  // lines of the row under way that have ended
  std::size_t begin_ = 0;   // in line_, of the last of them
  bool too_long_ = false;
  std::size_t number_ = 1;  // of it
  LogCounts counts_;
};

}  // namespace tocsin::logs
