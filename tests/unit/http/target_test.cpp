#include "server/http/target.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

TEST_CASE("A target is split at the first question mark and its path decoded once", "[http][target]") {
  auto target = parse_target("/a%20b/%2525?x=1?y=%20");
  REQUIRE(target);
  CHECK(target->path == "/a b/%25");
  CHECK(target->query == "x=1?y=%20");
  CHECK(parse_target("/")->path == "/");
  CHECK(parse_target("/a/")->path == "/a/");
  CHECK(parse_target("/...")->path == "/...");
  CHECK(parse_target("/.well-known")->path == "/.well-known");
}

TEST_CASE("Targets that two parsers could read differently are refused", "[http][target]") {
  for (std::string_view text :
       {"",      "a",    "*",       "http://a/", "//",     "/a//b",  "/a//",   "/.",        "/..", "/a/..",
        "/../a", "/%2e", "/%2E./a", "/.%2e",     "/a%2fb", "/a%2Fb", "/a%5Cb", "/a\\b",     "/%",  "/%4",
        "/%g0",  "/%00", "/a%0Ab",  "/a%7f",     "/a b",   "/a#b",   "/%c3",   "/%ed%a0%80"}) {
    INFO(text);
    auto target = parse_target(text);
    REQUIRE_FALSE(target);
    CHECK(target.error().code == core::Code::bad_request);
  }
}

}  // namespace
}  // namespace tocsin::http
