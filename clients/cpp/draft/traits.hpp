// What a row of accounts says, reduced to what accounts can have in common. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/kinds/network.hpp"

namespace tocsin::client {

struct Mailbox {
  std::string domain;  // lower case, two labels at least
  // The part before the @ with a for each small letter, A for each capital, 9 for each digit; "" when it has other
  // characters than these and ._+-, or more than 64.
  std::string shape;
};

// nullopt: this is no e-mail address with a domain in ASCII.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view text);

// A single address; IPv4 within IPv6 (::ffff:192.0.2.1) is IPv4. nullopt: this is none.
[[nodiscard]] std::optional<kinds::Network> parse_address(std::string_view text);

// The /24 of an IPv4 address, the /48 of an IPv6 address.
[[nodiscard]] kinds::Network neighbourhood(kinds::Network address);

// Private, loopback, shared, multicast or otherwise reserved: nobody elsewhere can do anything with it. What is
// reserved for documentation is not among these.
[[nodiscard]] bool is_reserved(kinds::Network const& address);

// A JA4 TLS fingerprint, in lower case. nullopt: this is none.
[[nodiscard]] std::optional<std::string> parse_ja4(std::string_view text);

// The date with which the text begins, YYYY-MM-DD; nullopt when there is none.
[[nodiscard]] std::optional<std::string> parse_day(std::string_view text);

}  // namespace tocsin::client
