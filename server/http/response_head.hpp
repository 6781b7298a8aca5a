// The head of a response as bytes. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace tocsin::http {

[[nodiscard]] std::optional<std::string_view> find_header(Response const& response, std::string_view name);
// The bytes of a body that is not a stream; empty for a stream.
[[nodiscard]] std::string_view body_bytes(Response const& response);
[[nodiscard]] inline bool is_stream(Response const& response) {
  return std::holds_alternative<std::unique_ptr<BodySource>>(response.body);
}
// RFC 9110 section 6.4.1: these never have a body, whatever the handler put there.
[[nodiscard]] constexpr bool has_no_body(int status) { return status == 204 || status == 304; }

// No field could end its line early and so begin another one: names are tokens, values visible ASCII, spaces and tabs.
[[nodiscard]] bool is_sendable(Response const& response);

struct HeadFacts {
  std::string_view date;  // IMF-fixdate
  std::string_view request_id;
  bool keep_alive = true;
};

// Status line, fields and empty line. Date, length and connection are said here and nowhere else; what makes an answer
// safe to open in a browser (no-store, nosniff, an empty content policy) is added unless the handler said otherwise.
[[nodiscard]] std::string make_response_head(Response const& response, HeadFacts const& facts);

}  // namespace tocsin::http
