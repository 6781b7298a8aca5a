// Where a server listens and what a host is called: parsed once, from configuration and the command line. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::base {

struct Address {
  std::string host;  // an IP address in text form, without brackets
  std::uint16_t port = 0;

  [[nodiscard]] bool is_loopback() const;  // 127.0.0.0/8 or ::1
  friend bool operator==(Address const&, Address const&) = default;
};

// "127.0.0.1:8443", "[::1]:8443", "0.0.0.0:0"; port 0 asks for any free one. Error config_invalid.
[[nodiscard]] core::Result<Address> parse_address(std::string_view text);

// An IP address in text form (no zone, no brackets, no prefix length).
[[nodiscard]] bool is_ip_address(std::string_view text);

// A DNS name as RFC 1123 section 2.1 has it: up to 253 bytes of labels of letters, digits and inner dashes.
[[nodiscard]] bool is_host_name(std::string_view text);

}  // namespace tocsin::base
