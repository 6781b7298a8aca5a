// The framing cases over real sockets: what matters is not only the status but that nothing behind a refused request is
// ever taken for another one.
#include "tests/integration/http/fixture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/framing_cases.hpp"

namespace tocsin::http {
namespace {

constexpr std::string_view kNext = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_CASE("Every framing case over TLS is answered as its row says, and a refusal ends the connection",
          "[http][framing]") {
  TestServer server;
  int understood = 0, refused = 0;
  for (auto const& each : test::framing_cases()) {
    INFO(each.name);
    auto client = server.connect();
    client.send(each.bytes + std::string(kNext));
    auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == each.status);
    if (each.status == 200) {
      auto next = client.receive();
      REQUIRE(next);
      CHECK(next->body == "smuggled");
      ++understood;
    } else {
      CHECK(answer->header("Connection") == "close");
      CHECK(client.read_to_end().empty());
      ++refused;
    }
  }
  CHECK(refused + understood >= 56);
  CHECK(server.calls("/smuggled") == understood);
  CHECK(server.metric("tocsin_http_framing_errors_total") == std::to_string(refused));
}

TEST_CASE("A request that arrives byte by byte is answered like one that arrives whole", "[http][framing]") {
  TestServer server;
  auto client = server.connect();
  std::string const request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (char byte : request) REQUIRE(client.send(std::string_view(&byte, 1)));
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "5");
}

TEST_CASE("A request cut in two at any byte is answered", "[http][framing]") {
  TestServer server;
  auto client = server.connect();
  std::string const request = "POST /pieces HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    auto answer = client.ask(request.substr(cut));
    CHECK(answer.status == 200);
    CHECK(answer.body == "5");
  }
}

TEST_CASE("Pipelined requests are answered in order, bodies and all", "[http][framing]") {
  TestServer server;
  auto client = server.connect();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    std::string const body(static_cast<std::size_t>(i), 'x');
    all += "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(i) + "\r\n\r\n" + body;
    all += "GET /echo/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    auto counted = client.receive();
    REQUIRE(counted);
    CHECK(counted->body == std::to_string(i));
    auto echoed = client.receive();
    REQUIRE(echoed);
    CHECK(echoed->body.starts_with("/echo/" + std::to_string(i) + "|"));
  }
}

TEST_CASE("The refusal of a head keeps to the surface of its path", "[http][framing]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(answer.status == 411);
  CHECK(answer.body == "length-required\n");
  CHECK(answer.header("Content-Type") == "text/plain");
}

}  // namespace
}  // namespace tocsin::http
