// Values as logs write them. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/match/ip_address.hpp"

namespace tocsin::logs {

// Microseconds since 1970. RFC 3339 with Z or an offset, nginx's $time_local (10/Oct/2026:13:55:36 -0700), or a number:
// seconds, with or without decimals, milliseconds or microseconds, told by how great it is.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

// An address with or without a port: 192.0.2.7, 192.0.2.7:443, 2001:db8::7, [2001:db8::7]:443.
[[nodiscard]] std::optional<match::IpAddress> parse_address(std::string_view text);

}  // namespace tocsin::logs
