#include "server/http/content_coding.hpp"
#include "tests/integration/http/fixture.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

std::string get(std::string const& path, std::string const& fields = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

std::string post(std::string const& path, std::string const& body, std::string const& fields = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

TEST_CASE("A handler sees path, parameters, query and peer, and the answer carries an id", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask(get("/echo/a%20b/?x=1&y[z]=%2F"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "/echo/a b/|a b|x=1;y[z]=/;|127.0.0.1");
  CHECK(answer.header("X-Request-Id").value_or("").size() == 16);
  CHECK(answer.header("Date").value_or("").ends_with(" GMT"));
  CHECK(answer.header("X-Request-Id") != client.ask(get("/")).header("X-Request-Id"));
}

TEST_CASE("The loopback listener and the admin socket serve the same table in clear", "[http][exchange]") {
  TestServer server;
  auto plain = test::RawClient::tcp(server.plain_port());
  CHECK(plain.ask(get("/echo/a")).body == "/echo/a|a||127.0.0.1|loopback");
  auto admin = test::RawClient::unix_socket(server.admin_socket());
  CHECK(admin.ask(get("/echo/a")).body == "/echo/a|a|||admin");
  CHECK(admin.ask(post("/", "hello")).body == "5");
}

TEST_CASE("HEAD is answered with the head that GET has, and no body", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto head = client.ask("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n", true);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "1000000");
  CHECK(client.ask("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n", true).header("Transfer-Encoding") == "chunked");
  CHECK(client.ask(get("/")).body == "hello");  // the connection is where it should be
}

TEST_CASE("OPTIONS names the methods of a path", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer.status == 204);
  CHECK(answer.header("Allow") == "OPTIONS, GET, HEAD, POST");
  CHECK(client.ask("OPTIONS /nothing HTTP/1.1\r\nHost: a\r\n\r\n").status == 404);
}

TEST_CASE("An unknown path is 404, another method 405 with Allow, and the connection goes on", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  CHECK(client.ask(get("/nothing")).status == 404);
  auto wrong = client.ask("PUT / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("Allow") == "OPTIONS, GET, HEAD, POST");
  CHECK(client.ask(get("/?a=%zz")).body == "bad-parameter\n");
  CHECK(client.ask(get("/")).body == "hello");
}

TEST_CASE("Large bodies arrive whole, in one piece or in many", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  std::string const body(1'000'000, 'x');
  CHECK(client.ask(post("/", body)).body == "1000000");
  CHECK(client.ask(post("/pieces", body)).body == "1000000");
  CHECK(client.ask(post("/", "")).body == "0");
  CHECK(client.ask(get("/large")).body == std::string(1'000'000, 'l'));
  auto plain = test::RawClient::tcp(server.plain_port());
  CHECK(plain.ask(post("/pieces", body)).body == "1000000");
  CHECK(plain.ask(get("/large")).body == std::string(1'000'000, 'l'));
}

TEST_CASE("A stream is sent in chunks, and one that fails ends without its last chunk", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto whole = client.ask(get("/stream"));
  CHECK(whole.complete);
  CHECK(whole.body == std::string(20'000, 'b') + std::string(40'000, 'c') + std::string(60'000, 'd'));
  CHECK(client.ask(get("/")).body == "hello");
  CHECK_FALSE(client.ask(get("/broken-stream")).complete);
}

TEST_CASE("100 Continue is sent when the handler first wants the body, not before", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(client.read_through("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.ask("hello").body == "5");
  client.send("POST /guarded HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(client.read_through("\r\n").value_or("") == "HTTP/1.1 401 Unauthorized\r\n");
  CHECK_FALSE(client.read_to_end().contains("100 Continue"));
}

TEST_CASE("A refusal reaches a client that is still sending a body nobody reads", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  client.send("POST /guarded HTTP/1.1\r\nHost: a\r\nContent-Length: 500000000\r\n\r\n");
  std::string const piece(64 * 1024, 'x');
  for (int sent = 0; sent < 10'000 && client.send(piece); ++sent) {
  }
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->status == 401);
  CHECK(answer->header("Connection") == "close");
  CHECK(server.calls("/guarded") == 0);
}

TEST_CASE("A body that its handler ignores ends the connection after the answer", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  client.send(post("/ignore", "hello") + std::string(kHello));
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->body == "ignored");
  CHECK(answer->header("Connection") == "close");
  CHECK(client.read_to_end().empty());
  CHECK(server.calls("/") == 0);
}

TEST_CASE("A body over the route's limit is refused unread, and so is one where none is taken", "[http][exchange]") {
  TestServer server;
  CHECK(server.connect().ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n").status == 413);
  CHECK(server.connect().ask("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").status == 413);
  CHECK(server.calls("/") == 0);
}

TEST_CASE("A body that is pulled in pieces may be longer than one that is gathered", "[http][exchange]") {
  TestServer server;
  std::string const long_body(1'999'999, 'x');
  CHECK(server.connect().ask(post("/streamed", long_body)).body == "1999999");
  CHECK(server.connect().ask(post("/streamed", compress(Coding::gzip, long_body), "Content-Encoding: gzip\r\n")).body ==
        "1999999");
  CHECK(server.connect().ask("POST /streamed HTTP/1.1\r\nHost: a\r\nContent-Length: 2000001\r\n\r\n").status == 413);
  CHECK(server.connect().ask("POST /gathered HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n").status == 413);
  std::string const bomb = compress(Coding::gzip, std::string(3'000'000, 'x'));
  CHECK(server.connect().ask(post("/streamed", bomb, "Content-Encoding: gzip\r\n")).status == 413);
  CHECK(server.connect().ask(post("/gathered", bomb, "Content-Encoding: gzip\r\n")).status == 413);
}

TEST_CASE("What a handler does between two pieces is not held against the client", "[http][exchange]") {
  TestServer server([](ServerOptions& options) { options.body_timeout = std::chrono::milliseconds(400); });
  CHECK(server.connect().ask(post("/slow", std::string(200'000, 'x'))).body == "200000");
}

TEST_CASE("A body that is here already is not worked on behind its deadline", "[http][exchange]") {
  TestServer server;
  auto const body = compress(Coding::gzip, std::string(200'000, 'x'));
  CHECK(server.connect().ask(post("/slow", body, "Content-Encoding: gzip\r\n")).body == "200000");
  CHECK(server.connect().ask(post("/slow_and_late", body, "Content-Encoding: gzip\r\n")).status == 408);
}

TEST_CASE("Encoded bodies are decoded within the route's limit", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    std::string const fields = "Content-Encoding: " + std::string(name(coding)) + "\r\n";
    CHECK(client.ask(post("/", compress(coding, std::string(1'000'000, 'x')), fields)).body == "1000000");
    CHECK(client.ask(post("/pieces", compress(coding, std::string(999'999, 'x')), fields)).body == "999999");
    auto bomb = server.connect().ask(post("/", compress(coding, std::string(50'000'000, 'x')), fields));
    CHECK(bomb.status == 413);
    std::string cut = compress(coding, std::string(1'000, 'x'));
    cut.pop_back();
    CHECK(server.connect().ask(post("/", cut, fields)).status == 400);
    CHECK(server.connect().ask(post("/", "not compressed", fields)).status == 400);
  }
  CHECK(server.connect().ask(post("/", "hello", "Content-Encoding: br\r\n")).status == 415);
}

// Of a server that may refuse before the request has arrived.
test::RawResponse ask_once(TestServer const& server, std::string const& request) {
  auto client = server.connect();
  client.send(request);
  return client.receive().value_or(test::RawResponse());
}

std::int64_t body_memory(TestServer const& server) {
  return std::stoll(server.metric("tocsin_http_body_memory_bytes"));
}

TEST_CASE("Bodies over the memory for all of them are refused, but the operator's", "[http][exchange]") {
  TestServer server([](ServerOptions& options) { options.body_memory = 1'500'000; });
  std::string const body(1'000'000, 'x'), gzip = compress(Coding::gzip, body), coded = "Content-Encoding: gzip\r\n";
  auto ask = [&](std::string const& request) { return ask_once(server, request); };
  for (bool encoded : {true, false}) {
    auto held = server.connect();
    std::string request = encoded ? post("/", gzip, coded) : post("/", body);
    held.send(std::string_view(request).substr(0, request.size() - 1));
    REQUIRE(eventually([&] { return body_memory(server) >= 999'999; }));
    auto refused = ask(post("/", body));
    CHECK(refused.status == 503);
    CHECK(refused.header("Connection") == "close");  // what is left of the body is not waited for
    CHECK(ask(post("/", gzip, coded)).status == 503);
    CHECK(ask(post("/", "small")).body == "5");
    CHECK(test::RawClient::unix_socket(server.admin_socket()).ask(post("/", body)).body == "1000000");
    CHECK(held.ask(std::string_view(request).substr(request.size() - 1)).body == "1000000");
    REQUIRE(eventually([&] { return body_memory(server) == 0; }));
    CHECK(ask(post("/", body)).status == 200);
  }
}

TEST_CASE("A body that is given up, and one whose client goes away, give their memory back", "[http][exchange]") {
  TestServer server([](ServerOptions& options) { options.body_memory = 1'500'000; });
  std::string const request = post("/", std::string(1'000'000, 'x'));
  for (int i = 0; i < 3; ++i) {
    {
      auto gone = server.connect();
      gone.send(std::string_view(request).substr(0, request.size() - 1));
      REQUIRE(eventually([&] { return body_memory(server) >= 999'999; }));
      CHECK(ask_once(server, request).status == 503);
    }
    REQUIRE(eventually([&] { return body_memory(server) == 0; }));
  }
  CHECK(ask_once(server, request).status == 200);
}

TEST_CASE("The memory that a decoder needs counts, and a reload changes how much there is", "[http][exchange]") {
  TestServer server([](ServerOptions& options) { options.body_memory = 1'500'000; });
  std::string const request =
      post("/", compress(Coding::zstd, std::string(1'000'000, 'x')), "Content-Encoding: zstd\r\n");
  CHECK(ask_once(server, request).status == 503);  // its window is as large as the body
  REQUIRE(server.reload([](ServerOptions& options) { options.body_memory = 16'000'000; }));
  CHECK(server.connect().ask(request).body == "1000000");
}

TEST_CASE("A client that asks for gzip or zstd gets it", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask(get("/large", "Accept-Encoding: gzip\r\n"));
  CHECK(answer.header("Content-Encoding") == "gzip");
  CHECK(answer.header("Vary") == "Accept-Encoding");
  CHECK(answer.body.size() < 50'000);
  CHECK(client.ask(get("/large", "Accept-Encoding: zstd\r\n")).header("Content-Encoding") == "zstd");
  CHECK_FALSE(client.ask(get("/large")).header("Content-Encoding"));
}

TEST_CASE("A handler that throws is an answer of 500 that says nothing, and a line in the log that does",
          "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask(get("/throw"));
  CHECK(answer.status == 500);
  CHECK_FALSE(answer.body.contains("s3cret"));
  CHECK(server.log().contains(answer.header("X-Request-Id").value_or("none")));
  CHECK(server.log().contains("s3cret reason"));
  CHECK(client.ask(get("/")).body == "hello");
}

TEST_CASE("A gate's ticket is held while the handler works and given back with the answer", "[http][exchange]") {
  TestServer server;
  auto waiting = server.connect();
  waiting.send(get("/wait"));
  CHECK(eventually([&] { return server.latch.waiting() == 1; }));
  CHECK(server.tickets() == 1);
  server.latch.open();
  CHECK(waiting.receive()->body == "waited");
  CHECK(eventually([&] { return server.tickets() == 0; }));
  auto lingering = server.connect();
  CHECK(lingering.ask(post("/ignore", "hello")).header("Connection") == "close");
  CHECK(eventually([&] { return server.tickets() == 0; }));
}

TEST_CASE("A header that would break its line is not sent", "[http][exchange]") {
  TestServer server;
  auto answer = server.connect().ask(get("/split"));
  CHECK(answer.status == 500);
  CHECK_FALSE(answer.head.contains("X-Evil"));
}

TEST_CASE("`Connection: close` is honoured", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  auto answer = client.ask(get("/", "Connection: close\r\n"));
  CHECK(answer.body == "hello");
  CHECK(answer.header("Connection") == "close");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("A client that has finished sending still gets its answer", "[http][exchange]") {
  TestServer server;
  auto plain = test::RawClient::tcp(server.plain_port());
  plain.send(kHello);
  plain.half_close();
  CHECK(plain.read_to_end().ends_with("hello"));
  auto secure = server.connect();
  secure.send(kHello);
  secure.half_close();
  CHECK(secure.read_to_end().ends_with("hello"));
}

TEST_CASE("Answers are counted by the class of their status", "[http][exchange]") {
  TestServer server;
  auto client = server.connect();
  client.ask(get("/"));
  client.ask(get("/"));
  client.ask(get("/nothing"));
  client.ask(get("/throw"));
  CHECK(server.metric("tocsin_http_requests_total{status=\"2xx\"}") == "2");
  CHECK(server.metric("tocsin_http_requests_total{status=\"4xx\"}") == "1");
  CHECK(server.metric("tocsin_http_requests_total{status=\"5xx\"}") == "1");
  CHECK(server.metric("tocsin_http_request_seconds_count") == "4");
  CHECK(server.metric("tocsin_http_connections") == "1");
}

}  // namespace
}  // namespace tocsin::http
