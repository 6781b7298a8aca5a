// How the columns of a table that was made elsewhere become properties. A value; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::admission {

// Both empty: the header names properties, or the columns are those that read_csv says.
struct Layout {
  std::vector<std::string> columns;  // of a table without a header; "": a column that is not read
  // Of the header, as column_name has it → of the property. Columns that are not here are not read.
  std::vector<std::pair<std::string, std::string>> names;

  [[nodiscard]] bool is_given() const { return !columns.empty() || !names.empty(); }
};

// The parameters `columns` ("value,,confidence") and `map` ("ip:value,score:confidence"); "": it is not sent. Error
// bad_parameter: both of them, one that is malformed, or that gives a property twice or in more than 256 columns.
[[nodiscard]] core::Result<Layout> layout_of(std::string_view columns, std::string_view map);

// The name of a column of a header: without blanks around it, A to Z in lower case.
[[nodiscard]] std::string column_name(std::string_view cell);

}  // namespace tocsin::admission
