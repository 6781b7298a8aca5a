#include "server/admission/readers/reader.hpp"

#include <charconv>

namespace tocsin::admission {

std::string_view take_line(std::string_view& text) {
  auto const end = text.find('\n');
  auto line = text.substr(0, end);
  text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Place take_place(core::Error& error) {
  constexpr std::string_view kLine = " at line ", kColumn = ", column ", kDigits = "0123456789";
  auto& detail = error.detail;
  auto const at = detail.rfind(kLine);
  auto const column = at == detail.npos ? at : detail.find(kColumn, at);
  Place place;
  if (column == detail.npos) return place;
  auto const digits = column + kColumn.size();
  auto const end = std::min(detail.find_first_not_of(kDigits, digits), detail.size());
  auto const* text = detail.data();
  std::from_chars(text + at + kLine.size(), text + column, place.line);
  std::from_chars(text + digits, text + end, place.column);
  auto const begin = at > 0 && detail[at - 1] == ',' ? at - 1 : at;
  detail.erase(begin, end - begin);
  return place;
}

core::Result<std::string_view> text_of(std::string_view body) {
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  if (core::is_utf8(body)) return body;
  return not_utf8();
}

std::unexpected<core::Error> not_utf8() {
  return core::fail(core::Code::json_encoding, "The body is not valid UTF-8.", "", "Save it as UTF-8.");
}

core::Result<void> read_whole(LineReader& reader, std::string_view body, Items& items) {
  auto text = text_of(body);
  if (!text) return std::unexpected(text.error());
  return reader.read(*text, true, items);
}

}  // namespace tocsin::admission
