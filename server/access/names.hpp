// What organisations, collections and audiences may be called, and how a word that was given is shown. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::access {

// Names are printed in logs, tables and error sentences, and stand in paths: visible text of moderate length.
[[nodiscard]] bool is_name(std::string_view text);

// A name of letters, digits, dashes and spaces.
[[nodiscard]] bool is_title(std::string_view text);

// A space and the word in quotation marks, if it is fit to be shown; else "".
[[nodiscard]] std::string in_quotes(std::string_view word);

}  // namespace tocsin::access
