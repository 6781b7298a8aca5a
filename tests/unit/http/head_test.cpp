#include "server/http/head.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/framing_cases.hpp"

namespace tocsin::http {
namespace {

struct Verdict {
  int status = 0;  // 200: understood; 0: more bytes are needed
  Head head;
};

// As the session does: scan what has arrived, then parse the head.
Verdict judge(std::string_view bytes, HeadScanner& scanner) {
  Verdict verdict;
  auto state = scanner.scan(bytes);
  if (state == HeadScanner::State::incomplete) return verdict;
  if (state == HeadScanner::State::hopeless) {
    verdict.status = core::row(scanner.refusal().code).http;
    return verdict;
  }
  auto parsed = parse_head(bytes.substr(0, scanner.length()), verdict.head);
  verdict.status = parsed ? 200 : core::row(parsed.error().code).http;
  return verdict;
}

Verdict judge(std::string_view bytes) {
  HeadScanner scanner;
  return judge(bytes, scanner);
}

TEST_CASE("Every framing case has the verdict that its row names", "[http][framing]") {
  auto cases = test::framing_cases();
  CHECK(cases.size() >= 56);
  for (auto const& each : cases) {
    INFO(each.name);
    CHECK(judge(each.bytes).status == each.status);
  }
}

TEST_CASE("A head that arrives byte by byte has the same verdict as one that arrives whole", "[http][framing]") {
  for (auto const& each : test::framing_cases()) {
    INFO(each.name);
    HeadScanner scanner;
    int status = 0;
    for (std::size_t size = 1; size <= each.bytes.size() && status == 0; ++size)
      status = judge(std::string_view(each.bytes).substr(0, size), scanner).status;
    CHECK(status == each.status);
  }
}

TEST_CASE("A head is complete only with its last byte", "[http][framing]") {
  std::string const text = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) CHECK(judge(text.substr(0, size)).status == 0);
  HeadScanner scanner;
  REQUIRE(judge(text + "hello", scanner).status == 200);
  CHECK(scanner.length() == text.size());
}

TEST_CASE("A head yields method, path, query, fields and length", "[http][framing]") {
  auto verdict = judge(
      "DELETE /a%20b/%C3%A9?x=%20 HTTP/1.1\r\nHost: a:1\r\nX-One:  1 \r\nx-one: 2\r\nContent-Length: 0042\r\n\r\n");
  REQUIRE(verdict.status == 200);
  Head const& head = verdict.head;
  CHECK(head.method == Method::delete_);
  CHECK(head.path == "/a b/\xC3\xA9");
  CHECK(head.query == "x=%20");
  CHECK(head.content_length == 42);
  CHECK(head.headers.find("X-ONE") == "1");
  CHECK(head.headers.count("x-One") == 2);
  CHECK(head.keep_alive);
  CHECK_FALSE(head.expects_continue);
}

TEST_CASE("`Connection: close` ends the connection wherever it stands in the list", "[http][framing]") {
  CHECK_FALSE(judge("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").head.keep_alive);
  CHECK_FALSE(judge("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE , Close\r\n\r\n").head.keep_alive);
  CHECK_FALSE(judge("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nConnection: close\r\n\r\n").head.keep_alive);
  CHECK(judge("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
}

TEST_CASE("`Expect: 100-continue` is noticed in any case", "[http][framing]") {
  CHECK(judge("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").head.expects_continue);
}

TEST_CASE("A refused head still tells its path, so that the answer can take its shape", "[http][framing]") {
  auto verdict = judge("POST /taxii2/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(verdict.status == 411);
  CHECK(verdict.head.path == "/taxii2/");
}

TEST_CASE("A refusal never repeats what was sent", "[http][framing]") {
  Head head;
  auto parsed =
      parse_head("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer s3cret\r\nAuthorization: s3cret\r\n\r\n", head);
  REQUIRE_FALSE(parsed);
  CHECK_FALSE(parsed.error().detail.contains("s3cret"));
}

TEST_CASE("A head of exactly 16 KiB is taken, one byte more is not", "[http][framing]") {
  std::string const start = "GET / HTTP/1.1\r\nHost: a\r\nX: ", end = "\r\n\r\n";
  std::string value(kHeadLimit - start.size() - end.size(), 'a');
  CHECK(judge(start + value + end).status == 200);
  CHECK(judge(start + value + "a" + end).status == 431);
}

}  // namespace
}  // namespace tocsin::http
