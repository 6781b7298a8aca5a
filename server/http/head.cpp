#include "server/http/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "server/http/target.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

std::unexpected<core::Error> refuse(std::string sentence, core::Code code = core::Code::bad_request,
                                    std::string remedy = {}) {
  return core::fail(code, std::move(sentence), "", std::move(remedy));
}

std::optional<Method> method_of(std::string_view text) {
  for (Method method :
       {Method::get, Method::post, Method::head, Method::put, Method::patch, Method::delete_, Method::options})
    if (name(method) == text) return method;
  return std::nullopt;
}

core::Result<void> parse_request_line(std::string_view line, Head& head) {
  std::string_view version = line;
  std::string_view method = take_until(version, ' ');
  std::string_view target = take_until(version, ' ');
  if (target.empty() || version.empty() || version.contains(' '))
    return refuse("The request line is not `METHOD target HTTP/1.1`.");
  if (target.size() > kTargetLimit) return refuse("The request target is longer than 8 KiB.", core::Code::uri_too_long);
  auto parts = parse_target(target);
  if (!parts) return std::unexpected(std::move(parts.error()));
  head.path = std::move(parts->path);
  head.query = parts->query;
  if (version != "HTTP/1.1") {
    bool other = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
    return refuse("The request is not HTTP/1.1.", other ? core::Code::version_not_supported : core::Code::bad_request);
  }
  if (!is_token(method)) return refuse("The method is malformed.");
  auto known = method_of(method);
  if (!known) return refuse("The method is not one this server knows.", core::Code::method_not_allowed);
  head.method = *known;
  return {};
}

// Reads `Connection: close, …`. Protocols are never switched: no WebSocket, no HTTP/2 in clear.
core::Result<void> note_connection(std::string_view value, Head& head) {
  while (!value.empty()) {
    std::string_view option = trim(take_until(value, ','));
    if (equal_ignoring_case(option, "close")) head.keep_alive = false;
    if (equal_ignoring_case(option, "upgrade")) return refuse("Upgrades are not accepted.");
  }
  return {};
}

core::Result<void> note_length(std::string_view value, Head& head) {
  bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || value.empty() || value.size() > 10)
    return refuse("Content-Length is not a number of at most ten digits.");
  std::from_chars(value.data(), value.data() + value.size(), head.content_length);
  return {};
}

bool is_host(std::string_view value) {
  auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_:[]").contains(c);
  };
  return !value.empty() && value.size() <= 300 && std::ranges::all_of(value, allowed);
}

// Fields that frame the request or say who asks: at most one of each, because two parsers on the way could each believe
// another one.
constexpr std::array<std::string_view, 8> kSingle{"Host",         "Content-Length",   "Authorization",
                                                  "Content-Type", "Content-Encoding", "Expect",
                                                  "Origin",       "Sec-Fetch-Site"};

core::Result<void> note_single(std::string_view field, std::string_view value, unsigned& seen, Head& head) {
  for (std::size_t i = 0; i < kSingle.size(); ++i) {
    if (!equal_ignoring_case(field, kSingle[i])) continue;
    if ((seen & (1u << i)) != 0)
      return refuse("The header field " + std::string(kSingle[i]) + " occurs more than once.");
    seen |= 1u << i;
    if (kSingle[i] == "Content-Length") return note_length(value, head);
    if (kSingle[i] == "Host" && !is_host(value)) return refuse("The Host is malformed.");
    if (kSingle[i] != "Expect") return {};
    if (!equal_ignoring_case(value, "100-continue")) return refuse("Only `Expect: 100-continue` is understood.");
    head.expects_continue = true;
  }
  return {};
}

core::Result<void> note_field(std::string_view field, std::string_view value, unsigned& seen, Head& head) {
  if (equal_ignoring_case(field, "Transfer-Encoding"))
    return refuse("Transfer-Encoding is not accepted.", core::Code::length_required,
                  "Send the body with a Content-Length.");
  for (std::string_view banned : {"Upgrade", "Trailer", "HTTP2-Settings"})
    if (equal_ignoring_case(field, banned))
      return refuse("The header field " + std::string(banned) + " is not accepted.");
  if (equal_ignoring_case(field, "Connection")) return note_connection(value, head);
  return note_single(field, value, seen, head);
}

core::Result<void> parse_field(std::string_view line, unsigned& seen, Head& head) {
  if (line.front() == ' ' || line.front() == '\t') return refuse("A header field is folded over several lines.");
  auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return refuse("A header field has no valid name.");
  std::string_view value = trim(line.substr(colon + 1));
  if (!std::ranges::all_of(value, [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; }))
    return refuse("A header field holds a control character or a byte beyond ASCII.");
  if (head.headers.fields().size() == kFieldLimit)
    return refuse("There are more than 64 header fields.", core::Code::headers_too_large);
  head.headers.add(line.substr(0, colon), value);
  return note_field(line.substr(0, colon), value, seen, head);
}

// The next line without its CR LF; nullopt when it has none.
std::optional<std::string_view> take_line(std::string_view& text) {
  auto end = text.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

}  // namespace

HeadScanner::State HeadScanner::give_up(Flaw flaw) {
  flaw_ = flaw;
  return State::hopeless;
}

HeadScanner::State HeadScanner::scan(std::string_view buffer) {
  for (; scanned_ < buffer.size(); ++scanned_) {
    if (scanned_ == kHeadLimit) return give_up(first_line_ ? Flaw::target_too_long : Flaw::too_large);
    char c = buffer[scanned_];
    if (static_cast<unsigned char>(c) >= 0x20) continue;
    if (c == '\r') {
      if (scanned_ + 1 == buffer.size()) return State::incomplete;  // looked at again with the byte that follows
      if (buffer[scanned_ + 1] != '\n') return give_up(Flaw::line_end);
    } else if (c == '\n') {
      if (scanned_ == 0 || buffer[scanned_ - 1] != '\r') return give_up(Flaw::line_end);
      if (scanned_ - 1 == line_start_) {
        length_ = scanned_ + 1;
        return State::complete;
      }
      line_start_ = scanned_ + 1;
      first_line_ = false;
    } else if (c != '\t') {
      return give_up(Flaw::control);
    }
  }
  return State::incomplete;
}

core::Error HeadScanner::refusal() const {
  switch (flaw_) {
    case Flaw::target_too_long:
      return {core::Code::uri_too_long, "The request line is longer than 16 KiB.", "", ""};
    case Flaw::too_large:
      return {core::Code::headers_too_large, "The header section is larger than 16 KiB.", "", ""};
    case Flaw::control:
      return {core::Code::bad_request, "The header section holds a control character.", "", ""};
    case Flaw::line_end:
    case Flaw::none:
      break;
  }
  return {core::Code::bad_request, "A line of the header section does not end with CR LF.", "", ""};
}

core::Result<void> parse_head(std::string_view text, Head& head) {
  if (text.size() > kHeadLimit)
    return refuse("The header section is larger than 16 KiB.", core::Code::headers_too_large);
  auto line = take_line(text);
  if (!line) return refuse("The request line does not end with CR LF.");
  if (auto parsed = parse_request_line(*line, head); !parsed) return parsed;
  head.headers.reserve(text.size(), 16);
  unsigned seen = 0;
  while ((line = take_line(text)) && !line->empty())
    if (auto parsed = parse_field(*line, seen, head); !parsed) return parsed;
  if (!line || !text.empty()) return refuse("The header section does not end with an empty line.");
  if ((seen & 1u) == 0) return refuse("Exactly one Host is needed.");  // kSingle[0]
  return {};
}

}  // namespace tocsin::http
