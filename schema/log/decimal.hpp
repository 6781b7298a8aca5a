// The one way the log's formats write numbers: decimal, no sign, no leading zeros. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::log {

// nullopt unless `text` is the canonical form of a number of at most 2^63 − 1 (kMaxTreeSize).
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace tocsin::log
