#include "server/http/response_head.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

HeadFacts const kFacts{"Sat, 21 Nov 2026 00:00:00 GMT", "0123456789abcdef", true};

class EmptySource final : public BodySource {
 public:
  Awaitable<core::Result<std::string>> next() override { co_return std::string(); }
};

bool has_line(std::string const& head, std::string const& line) { return head.contains("\r\n" + line + "\r\n"); }

TEST_CASE("An answer carries date, length, request id and what makes it safe in a browser", "[http][response]") {
  Response response;
  response.content_type = "application/json";
  response.body = std::string("{}");
  response.headers.emplace_back("X-Mine", "1");
  std::string const head = make_response_head(response, kFacts);
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.ends_with("\r\n\r\n"));
  for (std::string line :
       {"Date: Sat, 21 Nov 2026 00:00:00 GMT", "Content-Type: application/json", "Content-Length: 2", "X-Mine: 1",
        "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", "X-Request-Id: 0123456789abcdef"}) {
    INFO(line);
    CHECK(has_line(head, line));
  }
  CHECK_FALSE(head.contains("Server:"));
  CHECK_FALSE(head.contains("Connection:"));
}

TEST_CASE("A handler may choose its own caching and content policy, but not the framing", "[http][response]") {
  Response response;
  response.headers = {{"cache-control", "private"}, {"Content-Security-Policy", "default-src 'self'"},
                      {"content-length", "99"},     {"Transfer-Encoding", "chunked"},
                      {"Connection", "upgrade"},    {"Date", "never"}};
  std::string const head = make_response_head(response, kFacts);
  CHECK(has_line(head, "cache-control: private"));
  CHECK(has_line(head, "Content-Security-Policy: default-src 'self'"));
  CHECK_FALSE(head.contains("no-store"));
  CHECK_FALSE(head.contains("'none'"));
  CHECK(has_line(head, "Content-Length: 0"));
  for (std::string text : {"99", "chunked", "upgrade", "never"}) CHECK_FALSE(head.contains(text));
}

TEST_CASE("A stream is chunked, and 204 and 304 speak of no body", "[http][response]") {
  Response response;
  response.body = std::make_unique<EmptySource>();
  CHECK(has_line(make_response_head(response, kFacts), "Transfer-Encoding: chunked"));
  CHECK_FALSE(make_response_head(response, kFacts).contains("Content-Length"));
  for (int status : {204, 304}) {
    response.status = status;
    CHECK_FALSE(make_response_head(response, kFacts).contains("Transfer-Encoding"));
    CHECK_FALSE(make_response_head(response, kFacts).contains("Content-Length"));
  }
}

TEST_CASE("The last answer of a connection says so", "[http][response]") {
  HeadFacts facts = kFacts;
  facts.keep_alive = false;
  CHECK(has_line(make_response_head(Response(), facts), "Connection: close"));
}

TEST_CASE("An answer whose fields could break a line is not sent", "[http][response]") {
  Response good;
  good.headers.emplace_back("X-A", "b\tc d");
  CHECK(is_sendable(good));
  for (auto const& value :
       {std::string("a\r\nX-Evil: 1"), std::string("a\nb"), std::string("a\0b", 3), std::string("\xC3\xA9")}) {
    Response bad;
    bad.headers.emplace_back("X-A", value);
    CHECK_FALSE(is_sendable(bad));
    Response typed;
    typed.content_type = value;
    CHECK_FALSE(is_sendable(typed));
  }
  Response named;
  named.headers.emplace_back("X A", "b");
  CHECK_FALSE(is_sendable(named));
  Response status;
  status.status = 99;
  CHECK_FALSE(is_sendable(status));
}

}  // namespace
}  // namespace tocsin::http
