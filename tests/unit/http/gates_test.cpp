#include "server/http/gates.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

// Whether a request to one of the listeners is refused.
bool refused(std::vector<std::pair<std::string, std::string>> const& fields, bool plain = false,
             std::string const& host = "localhost:8443") {
  Request request;
  request.on_loopback_listener = plain;
  request.headers.add("Host", host);
  for (auto const& [name, value] : fields) request.headers.add(name, value);
  auto error = foreign_origin(request);
  if (error) CHECK(error->code == core::Code::origin_refused);
  return error.has_value();
}

TEST_CASE("Programs, which send no Origin, may go on", "[http][gates]") { CHECK_FALSE(refused({})); }

TEST_CASE("A page of the same origin may go on", "[http][gates]") {
  CHECK_FALSE(refused({{"Origin", "https://localhost:8443"}, {"Sec-Fetch-Site", "same-origin"}}));
  CHECK_FALSE(refused({{"Origin", "HTTPS://LOCALHOST:8443"}}));
  CHECK_FALSE(refused({{"Origin", "http://localhost:8443"}}, true));
}

TEST_CASE("Pages of other origins are refused", "[http][gates]") {
  for (std::string origin : {"https://evil.example", "https://localhost", "https://localhost:8443.evil.example",
                             "http://localhost:8443", "null", "", "https://"}) {
    INFO(origin);
    CHECK(refused({{"Origin", origin}}));
  }
  for (std::string site : {"cross-site", "same-site", "none", ""}) {
    INFO(site);
    CHECK(refused({{"Sec-Fetch-Site", site}}));
  }
  CHECK(refused({{"Origin", "https://localhost:8443"}, {"Sec-Fetch-Site", "cross-site"}}));
  CHECK(refused({{"Origin", "https://localhost:8443"}}, true));
}

TEST_CASE("On the loopback listener a name of somebody else's is refused, as a page makes a browser send it",
          "[http][gates]") {
  for (std::string host : {"localhost", "LOCALHOST:9090", "127.0.0.1:9090", "127.9.9.9", "[::1]:9090", "[::1]"})
    CHECK_FALSE(refused({}, true, host));
  for (std::string host : {"evil.example:9090", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "",
                           "[::2]:9090", "[", "127.0.0.1@evil.example"}) {
    INFO(host);
    CHECK(refused({}, true, host));
    CHECK_FALSE(refused({}, false, host));
  }
}

TEST_CASE("From elsewhere a browser opens the console as a page, and as nothing else", "[http][gates]") {
  auto opens = [](std::string path, std::string mode, std::string dest, Method method = Method::get,
                  bool origin = false) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    request.headers.add("Host", "localhost:8443");
    request.headers.add("Sec-Fetch-Site", "cross-site");
    request.headers.add("Sec-Fetch-Mode", mode);
    request.headers.add("Sec-Fetch-Dest", dest);
    if (origin) request.headers.add("Origin", "https://evil.example");
    return !foreign_origin(request);
  };
  for (std::string path : {"/console", "/console/", "/console/indicators/1"})
    CHECK(opens(path, "navigate", "document"));
  for (std::string path : {"/", "/consoles", "/api/v1/me", "/api/v1/console/", "/Console/"}) {
    INFO(path);
    CHECK_FALSE(opens(path, "navigate", "document"));
  }
  for (std::string dest : {"iframe", "script", "empty", ""}) CHECK_FALSE(opens("/console/", "navigate", dest));
  for (std::string mode : {"no-cors", "cors", ""}) CHECK_FALSE(opens("/console/", mode, "document"));
  CHECK_FALSE(opens("/console/", "navigate", "document", Method::post));
  CHECK_FALSE(opens("/console/", "navigate", "document", Method::get, true));
}

}  // namespace
}  // namespace tocsin::http
