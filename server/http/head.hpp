// The head of an HTTP/1.1 request, parsed strictly (RFC 9112, and narrower: no Transfer-Encoding, no folded lines, one
// of everything that frames or identifies a request). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "server/http/message.hpp"

namespace tocsin::http {

constexpr std::size_t kHeadLimit = 16 * 1024;   // bytes, the empty line included
constexpr std::size_t kTargetLimit = 8 * 1024;  // bytes
constexpr std::size_t kFieldLimit = 64;

// Looks for the end of a head in bytes that arrive piece by piece; every byte is looked at once.
class HeadScanner {
 public:
  enum class State : std::uint8_t { incomplete, complete, hopeless };

  // `buffer` is all that has arrived of this head and what follows it. hopeless: a line that does not end with CR LF, a
  // control character, or more than kHeadLimit bytes; refusal() then says which.
  State scan(std::string_view buffer);
  [[nodiscard]] std::size_t length() const { return length_; }  // of the head with its empty line, when complete
  [[nodiscard]] core::Error refusal() const;

 private:
  enum class Flaw : std::uint8_t { none, line_end, control, target_too_long, too_large };
  State give_up(Flaw flaw);

  std::size_t scanned_ = 0;
  std::size_t line_start_ = 0;
  std::size_t length_ = 0;
  bool first_line_ = true;
  Flaw flaw_ = Flaw::none;
};

struct Head {
  Method method = Method::get;
  std::string path;   // percent-decoded once
  std::string query;  // as sent
  Headers headers;
  std::uint64_t content_length = 0;
  bool expects_continue = false;
  bool keep_alive = true;
};

// `text` is a head with its empty line. After any error the connection must be closed; `head` then holds what was
// understood before it, so that the answer can take the shape its path asks for. Errors: bad_request, length_required,
// method_not_allowed (a method this server does not know), uri_too_long, headers_too_large, version_not_supported.
[[nodiscard]] core::Result<void> parse_head(std::string_view text, Head& head);

}  // namespace tocsin::http
