#include "server/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

std::string_view reason(int status) {
  static constexpr std::pair<int, std::string_view> kReasons[] = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  };
  for (auto const& [code, text] : kReasons)
    if (code == status) return text;
  return "";  // RFC 9112 section 4: may be empty
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool is_ours(std::string_view name) {
  for (std::string_view ours :
       {"Date", "Content-Length", "Transfer-Encoding", "Connection", "X-Request-Id", "Content-Type"})
    if (equal_ignoring_case(name, ours)) return true;
  return false;
}

bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; });
}

}  // namespace

std::optional<std::string_view> find_header(Response const& response, std::string_view name) {
  for (auto const& [field, value] : response.headers)
    if (equal_ignoring_case(field, name)) return value;
  return std::nullopt;
}

std::string_view body_bytes(Response const& response) {
  if (auto const* text = std::get_if<std::string>(&response.body)) return *text;
  auto const* shared = std::get_if<SharedBytes>(&response.body);
  return shared != nullptr && *shared != nullptr ? std::string_view(**shared) : std::string_view();
}

bool is_sendable(Response const& response) {
  auto fine = [](auto const& field) { return is_token(field.first) && is_value(field.second); };
  return response.status >= 200 && response.status <= 599 && is_value(response.content_type) &&
         std::ranges::all_of(response.headers, fine);
}

std::string make_response_head(Response const& response, HeadFacts const& facts) {
  std::string head;
  head.reserve(512);
  head += "HTTP/1.1 ";
  append_number(head, static_cast<std::uint64_t>(response.status));
  head.append(" ").append(reason(response.status)).append("\r\n");
  append_field(head, "Date", facts.date);
  if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
  if (is_stream(response) && !has_no_body(response.status)) {
    append_field(head, "Transfer-Encoding", "chunked");
  } else if (!has_no_body(response.status)) {
    head += "Content-Length: ";
    append_number(head, body_bytes(response).size());
    head += "\r\n";
  }
  for (auto const& [name, value] : response.headers)
    if (!is_ours(name)) append_field(head, name, value);
  if (!find_header(response, "Cache-Control")) append_field(head, "Cache-Control", "no-store");
  if (!find_header(response, "X-Content-Type-Options")) append_field(head, "X-Content-Type-Options", "nosniff");
  if (!find_header(response, "Content-Security-Policy"))
    append_field(head, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  append_field(head, "X-Request-Id", facts.request_id);
  if (!facts.keep_alive) append_field(head, "Connection", "close");
  head += "\r\n";
  return head;
}

}  // namespace tocsin::http
