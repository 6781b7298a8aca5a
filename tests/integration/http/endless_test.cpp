// Answers without an end of their own: what ends them.
#include "tests/integration/http/fixture.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kEndless = "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n";

test::RawClient begun(TestServer& server) {
  auto client = server.connect();
  client.send(kEndless);
  if (!client.read_through("\r\n\r\n5\r\nbegun\r\n")) throw std::runtime_error("the answer does not begin");
  return client;
}

TEST_CASE("An endless answer holds its connection for longer than any other may take", "[http][endless]") {
  TestServer server([](ServerOptions& options) {
    options.write_timeout = milliseconds(100);
    options.idle_timeout = milliseconds(100);
  });
  auto client = begun(server);
  CHECK(client.is_quiet(milliseconds(1'000)));
  CHECK(server.tickets() == 1);
}

TEST_CASE("An endless answer ends whole and at once when the server drains", "[http][endless]") {
  TestServer server([](ServerOptions& options) { options.drain_timeout = std::chrono::seconds(60); });
  auto client = begun(server);
  server.stop();
  CHECK(client.read_to_end() == "0\r\n\r\n");
  server.finish();
  CHECK(server.tickets() == 0);
}

TEST_CASE("A client that takes nothing of an endless answer does not hold up the stop", "[http][endless]") {
  TestServer server([](ServerOptions& options) {
    options.drain_timeout = std::chrono::hours(1);
    options.write_timeout = std::chrono::hours(1);
  });
  auto client = server.connect();
  client.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(client.read_through("\r\n\r\n5\r\nbegun\r\n"));
  server.stop();
  server.finish();  // else the test never ends
  CHECK(server.tickets() == 0);
}

TEST_CASE("An endless answer is stopped when its client closes the connection, or its side of it", "[http][endless]") {
  TestServer server;
  auto half = begun(server);
  {
    auto gone = begun(server);
    CHECK(server.tickets() == 2);
  }
  CHECK(eventually([&] { return server.tickets() == 1; }));
  half.half_close();
  CHECK(eventually([&] { return server.tickets() == 0; }));
}

TEST_CASE("A client that sends its next request during an endless answer does not end it", "[http][endless]") {
  TestServer server;
  auto client = begun(server);
  client.send(kHello);
  CHECK(client.is_quiet(milliseconds(600)));
  CHECK(server.tickets() == 1);
}

}  // namespace
}  // namespace tocsin::http
