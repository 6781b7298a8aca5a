// A look at TOML text before its parser gets it: toml++ 3.3 has undefined behaviour on some letters beyond ASCII that
// stand outside strings and comments, where TOML 1.0 allows none. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::base {

// The line (from 1) of the first byte beyond ASCII outside strings and comments. A string that is not closed ends the
// search: the parser stops there too.
[[nodiscard]] std::optional<std::size_t> stray_non_ascii_line(std::string_view toml);

}  // namespace tocsin::base
