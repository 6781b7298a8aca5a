// Where a command reads and writes. Owned by main (or a test); one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace tocsin::client {

// The width of the terminal now: a window may change while a command works.
using Columns = std::function<std::size_t()>;

struct Console {
  std::istream& in;
  std::ostream& out;      // results
  std::ostream& err;      // progress, refusals, warnings
  bool terminal = false;  // `err` is a terminal: a progress bar makes sense
  Columns columns = [] { return std::size_t{80}; };
  bool piped = false;  // `out` is no terminal: a program reads it, or a file keeps it
  bool json = false;   // `out` gets exactly one JSON document
  bool began = false;  // a command has begun to print its document, so a failure may not print another
};

// Text that came from elsewhere, made safe to show: characters that a terminal obeys, or that turn the order of
// what it shows, become '?', and it is cut at 400 bytes.
// Otherwise the description of an object could send escape sequences to an analyst's terminal.
[[nodiscard]] std::string printable(std::string_view text);
// Whether a text in UTF-8 has none of these characters, however long it is.
[[nodiscard]] bool is_printable(std::string_view text);

// 1234567 as 1,234,567.
[[nodiscard]] std::string grouped(std::uint64_t number);
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view more);  // "1 line"

}  // namespace tocsin::client
