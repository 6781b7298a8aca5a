// Readers turn the bytes of a body into native documents, one at a time and with their places: memory follows the
// largest item and not the body. Pure; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/cells.hpp"
#include "schema/stix/json.hpp"
#include "server/admission/readers/layout.hpp"

namespace tocsin::admission {

// Where an item stands in the body. Lines and columns count from 1; 0: the item has none.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;                                     // in bytes; of a mistake in the text itself
  std::string pointer{};                                      // of an item in a JSON document
  std::shared_ptr<std::vector<std::string> const> columns{};  // of a table: which property stands in which column
};

// Who takes the items. Either answers false when it takes no more after this one.
class Items {
 public:
  virtual ~Items() = default;
  virtual bool take(Place place, stix::Json document) = 0;
  virtual bool refuse(Place place, core::Error error) = 0;
};

// Errors, for the body as a whole: json_encoding for bytes that are not UTF-8, items_invalid for a body that is of
// another form. `defaults` are what an item does not say.
[[nodiscard]] core::Result<void> read_json(std::string_view body, kinds::Cells const& defaults, Items& items);
[[nodiscard]] core::Result<void> read_lines_of_json(std::string_view body, kinds::Cells const& defaults, Items& items);
// RFC 4180, with line feeds for CRLF too. A first record with a cell `kind`, `value` or `name` is the header; without
// one the columns are kind, value, confidence, tlp, valid_until, campaign, description.
[[nodiscard]] core::Result<void> read_csv(std::string_view body, kinds::Cells const& defaults, Items& items);
// One `value` a line; blank lines and those that begin with # are passed over.
[[nodiscard]] core::Result<void> read_list(std::string_view body, kinds::Cells const& defaults, Items& items);

// Reads a body of lines that arrives in pieces, and remembers between them where it is.
class LineReader {
 public:
  virtual ~LineReader() = default;
  // Takes records off `text`, which ends with a line, for as long as `items` takes them. `last`: nothing follows. If
  // not, a record that may go on beyond the text is left in it. Error items_invalid: a header that is none.
  [[nodiscard]] virtual core::Result<void> read(std::string_view& text, bool last, Items& items) = 0;
  // Where what follows begins, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

 protected:
  std::size_t line_ = 1;
};

[[nodiscard]] std::unique_ptr<LineReader> json_lines_reader(kinds::Cells defaults);
[[nodiscard]] std::unique_ptr<LineReader> table_reader(kinds::Cells defaults, Layout layout);
[[nodiscard]] std::unique_ptr<LineReader> list_reader(kinds::Cells defaults);

// What the readers share. The next line without its end; `text` is what follows.
[[nodiscard]] std::string_view take_line(std::string_view& text);
// Takes " at line 1, column 5" out of a sentence of parse_json: line and column, or zeros.
[[nodiscard]] Place take_place(core::Error& error);
// Takes the byte order mark off that spreadsheets write. Error json_encoding.
[[nodiscard]] core::Result<std::string_view> text_of(std::string_view body);
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
[[nodiscard]] std::unexpected<core::Error> not_utf8();
// The whole of a body.
[[nodiscard]] core::Result<void> read_whole(LineReader& reader, std::string_view body, Items& items);

}  // namespace tocsin::admission
