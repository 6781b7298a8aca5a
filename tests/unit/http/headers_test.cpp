#include "server/http/message.hpp"
#include "server/http/text.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

TEST_CASE("Header fields keep their order and are found without regard to case", "[http][headers]") {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("X-Empty", "");
  headers.add("accept", "b");
  CHECK(headers.find("ACCEPT") == "a");
  CHECK(headers.find("x-empty") == "");
  CHECK_FALSE(headers.find("Accep"));
  CHECK(headers.count("aCCept") == 2);
  std::string all;
  for (auto const& [name, value] : headers.fields()) all.append(name).append("=").append(value).append(";");
  CHECK(all == "Accept=a;X-Empty=;accept=b;");
}

TEST_CASE("Copied and moved header fields own their text", "[http][headers]") {
  Headers copy;
  {
    Headers headers;
    headers.add("A", "1");
    copy = headers;
    headers.add("B", "2");
    Headers moved = std::move(headers);
    CHECK(moved.find("B") == "2");
  }
  CHECK(copy.find("A") == "1");
  CHECK(copy.count("B") == 0);
}

TEST_CASE("Tokens are what RFC 9110 says", "[http][headers]") {
  CHECK(is_token("!#$%&'*+-.^_`|~09azAZ"));
  for (std::string_view text : {"", " ", "a b", "a:", "a(", "\"", "a/b", "a\x7f", "\xC3\xA9", "a\t"})
    CHECK_FALSE(is_token(text));
}

TEST_CASE("Every method has its name", "[http][headers]") {
  CHECK(name(Method::get) == "GET");
  CHECK(name(Method::head) == "HEAD");
  CHECK(name(Method::post) == "POST");
  CHECK(name(Method::put) == "PUT");
  CHECK(name(Method::patch) == "PATCH");
  CHECK(name(Method::delete_) == "DELETE");
  CHECK(name(Method::options) == "OPTIONS");
}

}  // namespace
}  // namespace tocsin::http
