// Small tables that are read whole, and lists in their columns. Only for this folder; the thread that owns the
// connection.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

// Lists are stored as lines: none of their elements (CIDRs, ids, type names) can hold a line feed.
inline std::string join_lines(std::vector<std::string> const& lines) {
  std::string out;
  for (auto const& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

inline std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = text.find('\n');
    out.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return out;
}

template <class Row>
core::Result<std::vector<Row>> all(Connection& connection, std::string_view sql,
                                   std::function<Row(Statement&)> const& read) {
  try {
    std::vector<Row> rows;
    Statement statement = connection.prepare(sql);
    while (statement.step()) rows.push_back(read(statement));
    return rows;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
