// A log in CSV: a header that names its columns, then a row a request (RFC 4180, strictly). Foreign bytes: what is no
// record is refused with a sentence that holds nothing of the row. Value type; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clients/logs/access_record.hpp"
#include "clients/logs/field_names.hpp"

namespace tocsin::logs {

// Whether a line ends within a quoted cell, so that its row goes on in the next one. `within`: it begins within one. A
// row that is wrong goes no further than its line.
[[nodiscard]] bool ends_within_quotes(std::string_view line, bool within);

// The cells of a row, without the line break behind it: separated by commas; one that begins with a quote ends with
// one, and has those within doubled; others have none. Error property_value.
[[nodiscard]] core::Result<std::vector<std::string>> csv_cells(std::string_view row);

class CsvTable {
 public:
  // Error property_value, property_missing: it is no row, names a column that is read twice, or no time, or neither an
  // account nor an address.
  [[nodiscard]] static core::Result<CsvTable> of_header(std::string_view line, FieldNames names);

  // Bytes that are not UTF-8 become '?'. Errors property_value, property_missing.
  [[nodiscard]] core::Result<AccessRecord> map(std::string_view row) const;

 private:
  CsvTable(FieldNames names, std::vector<std::string> columns);

  FieldNames names_;
  std::vector<std::string> columns_;  // "": one that nobody reads
};

}  // namespace tocsin::logs
