// The paths of the web console: of a small one that was embedded as the real one is, and of a build without.
#include "server/endpoints/console.hpp"

#include "server/http/response_head.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

namespace tocsin::test {

std::span<endpoints::ConsoleFile const> fixture_console();  // tests/cases/console/dist

namespace {

http::Response answer(std::string_view path) {
  static http::Route const kRoute{http::Method::get,
                                  "/console/{+path}",
                                  http::Surface::native,
                                  "clients.download",
                                  0,
                                  std::chrono::seconds(1),
                                  1,
                                  {}};
  http::Request request;
  request.route = &kRoute;
  return endpoints::console_answer(fixture_console(), request, path);
}

void check_guarded(http::Response const& response) {
  CHECK(http::find_header(response, "Content-Security-Policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  CHECK(http::find_header(response, "Referrer-Policy") == "no-referrer");
  CHECK(http::find_header(response, "Cross-Origin-Opener-Policy") == "same-origin");
  CHECK(http::find_header(response, "Cross-Origin-Resource-Policy") == "same-origin");
}

TEST_CASE("A folder is embedded byte for byte, whatever bytes those are", "[endpoints][console]") {
  auto files = fixture_console();
  REQUIRE(files.size() == 4);
  CHECK(files[0].path == "assets/dot-5e6f7a8b.png");
  CHECK(files[0].bytes == std::string_view("\x89PNG\r\n\0\xFF", 8));
  CHECK(files[1].bytes.empty());
  CHECK(files[2].bytes == "console.log(\")EMBEDDED\\\" \\x41\");\n");
}

TEST_CASE("An asset has its type, and is kept by browsers for ever", "[endpoints][console]") {
  for (auto const& [path, type] : {std::pair("assets/index-1a2b3c4d.js", "text/javascript; charset=utf-8"),
                                   std::pair("assets/empty-9c0d1e2f.css", "text/css; charset=utf-8"),
                                   std::pair("assets/dot-5e6f7a8b.png", "image/png")}) {
    INFO(path);
    auto response = answer(path);
    CHECK(response.status == 200);
    CHECK(response.content_type == type);
    CHECK(http::find_header(response, "Cache-Control") == "public, max-age=31536000, immutable");
    check_guarded(response);
  }
}

TEST_CASE("Every other path is the page, which no cache keeps", "[endpoints][console]") {
  for (std::string_view path : {"", "index.html", "indicators", "indicators/indicator--1", "assets", "Assets/x.js"}) {
    INFO(path);
    auto response = answer(path);
    CHECK(response.status == 200);
    CHECK(response.content_type == "text/html; charset=utf-8");
    CHECK(http::body_bytes(response).contains("index-1a2b3c4d.js"));
    CHECK_FALSE(http::find_header(response, "Cache-Control"));  // then it is no-store
    check_guarded(response);
  }
}

TEST_CASE("An asset of another build is not the page", "[endpoints][console]") {
  for (std::string_view path : {"assets/index-00000000.js", "assets/", "assets/../index.html"}) {
    INFO(path);
    auto response = answer(path);
    CHECK(response.status == 404);
    check_guarded(response);
  }
}

TEST_CASE("A build without console says so to anybody, and takes no other method", "[endpoints][console]") {
  if (!endpoints::console_files().empty()) return;  // this build has one
  Hub hub;
  for (std::string target : {"/console", "/console/", "/console/indicators"}) {
    INFO(target);
    auto page = hub.world.get(target, "");
    CHECK(page.status == 200);
    CHECK(page.body.contains("This build has no console."));
  }
  CHECK(hub.world.get("/console/assets/index-1a2b3c4d.js", "").status == 404);
  Call call;
  call.method = "POST";
  call.target = "/console/indicators";
  CHECK(hub.world.ask(call).status == 405);
}

TEST_CASE("A person may follow a link to the console, which no page may load", "[endpoints][console]") {
  Hub hub;
  HeaderList const link{
      {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}};
  HeaderList const frame{
      {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "iframe"}};
  Call call;
  call.target = "/console/indicators";
  call.headers = link;
  CHECK(hub.world.ask(call).status == 200);
  call.headers = frame;
  CHECK(hub.world.ask(call).status == 403);
  call.target = "/api/v1/me";
  call.token = hub.analyst;
  call.headers = link;
  CHECK(hub.world.ask(call).status == 403);
}

}  // namespace
}  // namespace tocsin::test
