#include "server/http/gates.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

Response render(Request const&, core::Error const& error) {
  Response response;
  response.status = core::row(error.code).http;
  return response;
}

// The status of the refusal, or 0.
int refusal(std::vector<std::pair<std::string, std::string>> const& fields, bool plain = false) {
  static Gate const gate = same_origin_gate(render);
  Request request;
  request.on_loopback_listener = plain;
  request.headers.add("Host", "example.org:8443");
  for (auto const& [name, value] : fields) request.headers.add(name, value);
  auto response = gate(request);
  return response ? response->status : 0;
}

TEST_CASE("Programs, which send no Origin, pass the origin gate", "[http][gates]") { CHECK(refusal({}) == 0); }

TEST_CASE("A page of the same origin passes the origin gate", "[http][gates]") {
  CHECK(refusal({{"Origin", "https://example.org:8443"}, {"Sec-Fetch-Site", "same-origin"}}) == 0);
  CHECK(refusal({{"Origin", "HTTPS://EXAMPLE.ORG:8443"}}) == 0);
  CHECK(refusal({{"Origin", "http://example.org:8443"}}, true) == 0);
}

TEST_CASE("Pages of other origins are refused", "[http][gates]") {
  for (std::string origin : {"https://evil.example", "https://example.org", "https://example.org:8443.evil.example",
                             "http://example.org:8443", "null", "", "https://"}) {
    INFO(origin);
    CHECK(refusal({{"Origin", origin}}) == 403);
  }
  for (std::string site : {"cross-site", "same-site", "none", ""}) {
    INFO(site);
    CHECK(refusal({{"Sec-Fetch-Site", site}}) == 403);
  }
  CHECK(refusal({{"Origin", "https://example.org:8443"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(refusal({{"Origin", "https://example.org:8443"}}, true) == 403);
}

}  // namespace
}  // namespace tocsin::http
