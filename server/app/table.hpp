// Rows of text for people or for programs. Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace tocsin::app {

using TextRows = std::vector<std::vector<std::string>>;  // each row as long as the header

// For people: the header and the rows in aligned columns (a character of UTF-8 counts as one place). Without a row a
// line that says so.
[[nodiscard]] std::string table_for_people(std::vector<std::string> const& header, TextRows const& rows);

// For programs: the rows alone, fields separated by one tab.
[[nodiscard]] std::string table_for_programs(TextRows const& rows);

}  // namespace tocsin::app
