// User agents that innocent clients send: today's browsers, official SDKs of model providers, HTTP libraries. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::admission::harm {

enum class Client : std::uint8_t {
  nothing,  // none of them
  library,  // an HTTP library that people write programs with
  browser,  // a browser
  sdk,      // an official SDK
};

// The most harmful that a user agent is, or that a pattern of LIKE (% any characters, _ any one) takes. Versions do not
// count: 1.2 is what 10.20.30 is.
[[nodiscard]] Client covered_by(std::string_view agent, bool like);

// "a current browser"; of nothing "".
[[nodiscard]] std::string_view name_of(Client client);

}  // namespace tocsin::admission::harm
