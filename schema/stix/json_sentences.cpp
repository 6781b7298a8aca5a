#include "schema/stix/json_sentences.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "schema/core/bytes.hpp"

namespace tocsin::stix {
namespace {

using core::Code;

// The first byte of the first ill-formed sequence of a text that is not UTF-8.
std::size_t first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    auto lead = static_cast<std::uint8_t>(text[at]);
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0x80 ? 2 : 1;
    if (!core::is_utf8(text.substr(at, length))) break;
    at += length;
  }
  return at;
}

std::string place_name(std::string_view text, std::size_t offset) {
  auto before = text.substr(0, offset);
  auto line = std::ranges::count(before, '\n') + 1;
  auto column = offset - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0: the first line
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

core::Error syntax_error(std::string_view text, std::size_t offset, bool complete) {
  std::string where = place_name(text, offset);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return {Code::json_syntax, "The text is empty.", "", "Send one JSON value."};
  }
  if (offset >= text.size()) {
    return {Code::json_syntax, "The text ends at " + where + ", before its JSON value is complete.", "",
            "Send the whole text, with every string, array and object closed."};
  }
  if (complete) {
    return {Code::json_syntax, "More text follows the end of the JSON value at " + where + ".", "",
            "Send one JSON value and nothing after it."};
  }
  auto const byte = static_cast<std::uint8_t>(text[offset]);
  auto const before = text.substr(0, offset).find_last_not_of(" \t\r\n");
  std::string remedy = "Check the text with a JSON parser.";
  if (byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') {
    remedy = "Inside strings, write control characters as \\u escapes; elsewhere leave them out.";
  } else if ((byte == '}' || byte == ']') && before != std::string_view::npos && text[before] == ',') {
    remedy = "Remove the comma before the closing bracket.";
  } else if (byte == '\'') {
    remedy = "Put names and strings into double quotes.";
  } else if (byte == '/') {
    remedy = "Remove the comment.";
  }
  return {Code::json_syntax, "The text breaks the JSON grammar at " + where + ".", "", std::move(remedy)};
}

std::string quoted_name(std::string_view name) {
  constexpr std::size_t kShort = 100;
  if (name.size() > kShort) return "A name of " + std::to_string(name.size()) + " bytes";
  std::string out = "The name ";
  append_canonical_string(out, name);
  return out;
}

}  // namespace

core::Error stopped_error(std::string_view text, JsonStop const& stop, bool complete, JsonLimits limits) {
  std::string where = place_name(text, stop.offset);
  switch (stop.code) {
    case Code::json_duplicate_name:
      return {stop.code, quoted_name(stop.name) + " occurs a second time in its object at " + where + ".", "",
              "Give every name once."};
    case Code::json_too_deep:
      return {stop.code,
              "Arrays and objects are nested more than " + std::to_string(limits.depth) + " deep at " + where + ".", "",
              "Flatten the value."};
    case Code::json_number_range:
      return {stop.code, "The number at " + where + " is outside the range that every JSON reader carries exactly.", "",
              "Integers go from -9007199254740991 to 9007199254740991; send larger ones as strings."};
    case Code::json_encoding:
      return {stop.code, "The escape at " + where + " stands for half a surrogate pair, which is no character.", "",
              "Write both halves of the pair, or the character itself in UTF-8."};
    default:
      return syntax_error(text, stop.offset, complete);
  }
}

core::Error encoding_error(std::string_view text) {
  return {Code::json_encoding, "The text is not valid UTF-8 at " + place_name(text, first_bad_byte(text)) + ".", "",
          "Encode the text as UTF-8."};
}

}  // namespace tocsin::stix
