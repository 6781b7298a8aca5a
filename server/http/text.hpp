// Small rules of RFC 9110 and RFC 3986 text. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::http {

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII letters only
[[nodiscard]] bool is_token(std::string_view text);                              // RFC 9110 section 5.6.2
[[nodiscard]] std::string_view trim(std::string_view text);                      // spaces and tabs at both ends

// Undoes percent-encoding once ('+' is kept). nullopt: a broken escape, or a NUL.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// Cuts the text before the first `separator` off `rest`, and the separator with it; all of `rest` when there is none.
[[nodiscard]] std::string_view take_until(std::string_view& rest, char separator);

}  // namespace tocsin::http
