// The server a client talks to, read from a URL. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::http {

struct HttpsUrl {
  std::string host;         // a DNS name in lower case, or an IP address without brackets
  bool is_address = false;  // an IP literal: no SNI, and the certificate must name the address
  std::string port;         // decimal, 1–65535

  // As in the Host field and in messages: "[::1]:8443"; without the port when it is 443.
  [[nodiscard]] std::string authority() const;
};

// https://host[:port][/]; nothing else is part of it. Error bad_parameter; it never repeats the text, which may hold a
// password.
[[nodiscard]] core::Result<HttpsUrl> parse_https_url(std::string_view url);

}  // namespace tocsin::http
