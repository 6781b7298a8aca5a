#include "server/http/client_url.hpp"
#include "tests/support/catch.hpp"

using tocsin::http::parse_https_url;

TEST_CASE("an https URL names a host and a port", "[client][url]") {
  CHECK(parse_https_url("https://Example.org")->authority() == "example.org");
  CHECK(parse_https_url("HTTPS://example.org:8443/")->authority() == "example.org:8443");
  CHECK(parse_https_url("https://example.org:0443")->authority() == "example.org");
  CHECK_FALSE(parse_https_url("https://example.org")->is_address);
  auto const v4 = parse_https_url("https://127.0.0.1:1");
  CHECK(v4->is_address);
  CHECK(v4->authority() == "127.0.0.1:1");
  auto const v6 = parse_https_url("https://[::1]:8443");
  CHECK(v6->is_address);
  CHECK(v6->host == "::1");
  CHECK(v6->authority() == "[::1]:8443");
}

TEST_CASE("anything else is refused without repeating it", "[client][url]") {
  for (auto url : {"", "http://a", "https://", "https://a/b", "https://a?b", "https://u:secret@a", "https://a:0",
                   "https://a:65536", "https://a:", "https://a:1x", "https://[::1", "https://[a]:1", "https://[::1]x",
                   "https://::1", "https://a b", "https://a\r\nb", "https://.a"}) {
    CAPTURE(url);
    auto const parsed = parse_https_url(url);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == tocsin::core::Code::bad_parameter);
    CHECK_FALSE(parsed.error().detail.contains("secret"));
  }
}
