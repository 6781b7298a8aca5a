#include "server/http/client.hpp"

#include "server/http/content_coding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

using namespace tocsin;
using namespace std::chrono_literals;
using http::Client;
using http::ClientRequest;
using test::reply;
using test::Script;
using test::ScriptedReply;
using test::ScriptedRequest;
using test::ScriptedServer;

namespace {

Script always(ScriptedReply answer) {
  return {.answer = [answer](ScriptedRequest const&) { return answer; }, .early = {}};
}

ClientRequest post(std::string body) {
  return {.method = "POST", .target = "/p", .headers = {}, .body = std::move(body)};
}

}  // namespace

TEST_CASE("an exchange carries method, target, headers and body both ways", "[client][http]") {
  ScriptedServer server(always(reply(202, "the answer", "X-Name: value\r\n")));
  auto client = Client::unix_socket(server.path());
  auto const answer =
      client.exchange({.method = "POST", .target = "/a/?b=c", .headers = {{"X-Sent", "one two"}}, .body = "text"});
  REQUIRE(answer);
  CHECK(answer->status == 202);
  CHECK(answer->body == "the answer");
  CHECK(answer->header("x-nAME") == "value");
  CHECK_FALSE(answer->header("X-None"));
  auto const seen = server.requests().at(0);
  CHECK(seen.method == "POST");
  CHECK(seen.target == "/a/?b=c");
  CHECK(seen.body == "text");
  CHECK(seen.has("X-Sent: one two"));
  CHECK(seen.has("Host: localhost"));
  CHECK(seen.has("Content-Length: 4"));
}

TEST_CASE("one connection serves many exchanges", "[client][http]") {
  ScriptedServer server(always(reply(200, "x")));
  auto client = Client::unix_socket(server.path());
  for (int i = 0; i < 5; ++i) REQUIRE(client.exchange({}));
  CHECK(server.connections() == 1);
}

TEST_CASE("a connection that the server closed while idle is replaced, for POST too", "[client][http]") {
  auto answer = reply(200, "x");
  answer.close_after = true;
  ScriptedServer server(always(answer));
  auto client = Client::unix_socket(server.path());
  REQUIRE(client.exchange({}));
  server.wait_closed(1);
  REQUIRE(client.exchange(post("once")));
  CHECK(server.connections() == 2);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("Connection: close is obeyed", "[client][http]") {
  ScriptedServer server(always(reply(200, "x", "Connection: close\r\n")));
  auto client = Client::unix_socket(server.path());
  REQUIRE(client.exchange({}));
  server.wait_closed(1);
  REQUIRE(client.exchange({}));
  CHECK(server.connections() == 2);
}

TEST_CASE("a GET lost on a used connection is sent again, a POST is not", "[client][http]") {
  ScriptedServer server({.answer =
                             [](ScriptedRequest const& request) {
                               if (request.target == "/first" || request.connection == 2) return reply(200, "x");
                               return ScriptedReply{"", true, false};
                             },
                         .early = {}});
  auto client = Client::unix_socket(server.path());
  REQUIRE(client.exchange({.method = "GET", .target = "/first", .headers = {}, .body = {}}));
  SECTION("GET") {
    REQUIRE(client.exchange({}));
    CHECK(server.connections() == 2);
  }
  SECTION("POST") {
    auto const lost = client.exchange(post("x"));
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == core::Code::io_failed);
    CHECK(server.requests().size() == 2);
  }
}

TEST_CASE("an answer that breaks off is not asked for again", "[client][http]") {
  ScriptedServer server({.answer =
                             [](ScriptedRequest const& request) {
                               if (request.target == "/first") return reply(200, "x");
                               return ScriptedReply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true, false};
                             },
                         .early = {}});
  auto client = Client::unix_socket(server.path());
  REQUIRE(client.exchange({.method = "GET", .target = "/first", .headers = {}, .body = {}}));
  auto const broken = client.exchange({});
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == core::Code::io_failed);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("an exchange ends at its deadline", "[client][http]") {
  auto const hang =
      GENERATE(ScriptedReply{"", false, true}, ScriptedReply{"HTTP/1.1 200 OK\r\nContent-Le", false, true},
               ScriptedReply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, true});
  ScriptedServer server(always(hang));
  http::ClientOptions options;
  options.timeout = 50ms;
  auto client = Client::unix_socket(server.path(), options);
  auto const late = client.exchange({});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == core::Code::request_timeout);
  server.wait_closed(1);
}

TEST_CASE("an answer beyond the limit is refused", "[client][http]") {
  http::ClientOptions options;
  options.response_limit = 100;
  SECTION("declared") {
    ScriptedServer server(always(reply(200, std::string(101, 'x'))));
    auto const large = Client::unix_socket(server.path(), options).exchange({});
    REQUIRE_FALSE(large);
    CHECK(large.error().code == core::Code::io_failed);
    CHECK(large.error().detail.contains("100 bytes"));
  }
  SECTION("chunked") {
    std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 3; ++i) bytes += "32\r\n" + std::string(0x32, 'x') + "\r\n";
    ScriptedServer server(always({bytes + "0\r\n\r\n", false, false}));
    CHECK_FALSE(Client::unix_socket(server.path(), options).exchange({}));
  }
  SECTION("just within") {
    ScriptedServer server(always(reply(200, std::string(100, 'x'))));
    CHECK(Client::unix_socket(server.path(), options).exchange({}));
  }
}

TEST_CASE("an answer to half a request is read all the same", "[client][http]") {
  ScriptedServer server(
      {.answer = [](ScriptedRequest const&) { return reply(500, "not early"); },
       .early = [](ScriptedRequest const&) { return std::optional(reply(401, "no", "Connection: close\r\n")); }});
  auto client = Client::unix_socket(server.path());
  auto const refused = client.exchange(post(std::string(4 << 20, 'x')));
  REQUIRE(refused);
  CHECK(refused->status == 401);
  CHECK(refused->body == "no");
}

TEST_CASE("interim answers are passed over, redirects are not followed", "[client][http]") {
  ScriptedServer server({.answer =
                             [](ScriptedRequest const&) {
                               auto answer = reply(302, "", "Location: /elsewhere\r\n");
                               answer.bytes.insert(0, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                               return answer;
                             },
                         .early = {}});
  auto client = Client::unix_socket(server.path());
  auto const answer = client.exchange({});
  REQUIRE(answer);
  CHECK(answer->status == 302);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("the answer to HEAD has no body whatever its length says", "[client][http]") {
  ScriptedServer server(always({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", false, false}));
  auto client = Client::unix_socket(server.path());
  ClientRequest const head{.method = "HEAD", .target = "/", .headers = {}, .body = {}};
  REQUIRE(client.exchange(head));
  CHECK(client.exchange(head)->header("Content-Length") == "1000");
  CHECK(server.connections() == 1);
}

TEST_CASE("bytes after an answer end the connection, not the next answer", "[client][http]") {
  auto answer = reply(200, "x");
  answer.bytes += "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
  ScriptedServer server(always(answer));
  auto client = Client::unix_socket(server.path());
  for (int i = 0; i < 3; ++i) CHECK(client.exchange({})->body == "x");
  CHECK(server.connections() == 3);
}

TEST_CASE("nothing that is passed can break a line of the request", "[client][http]") {
  ScriptedServer server(always(reply(200, "x")));
  auto client = Client::unix_socket(server.path());
  for (auto const& bad :
       {ClientRequest{"GET", "/a b", {}, {}}, ClientRequest{"GET", "/\r\nX: y", {}, {}},
        ClientRequest{"G T", "/", {}, {}}, ClientRequest{"GET", "a", {}, {}},
        ClientRequest{"GET", "/", {{"A", "b\r\nC: d"}}, {}}, ClientRequest{"GET", "/", {{"A:b", "c"}}, {}}}) {
    auto const refused = client.exchange(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == core::Code::bad_parameter);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a socket that is not there is a clear failure", "[client][http]") {
  auto const none = Client::unix_socket("/nonexistent/socket").exchange({});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == core::Code::io_failed);
  CHECK(none.error().detail.contains("/nonexistent/socket"));
  CHECK_FALSE(Client::unix_socket(std::string(300, 'x')).exchange({}));
}

TEST_CASE("a client that asks for compressed answers gives them back as they were", "[client][http][coding]") {
  std::string const body(300'000, 'x');
  auto const coding = GENERATE(http::Coding::gzip, http::Coding::zstd, http::Coding::identity);
  std::string const named = "Content-Encoding: " + std::string(http::name(coding)) + "\r\n";
  ScriptedServer server(always(reply(200, http::compress(coding, body), named)));
  auto client = Client::unix_socket(server.path(), {.ca_file = {}, .compressed = true});
  for (int i = 0; i < 2; ++i) {
    auto const answer = client.exchange({});
    REQUIRE(answer);
    CHECK(answer->body == body);
    CHECK_FALSE(answer->header("Content-Encoding"));
  }
  CHECK(server.requests().at(0).has("Accept-Encoding: zstd, gzip"));
  CHECK(server.connections() == 1);
}

TEST_CASE("a compressed answer beyond the limit, broken or in another coding is an error", "[client][http][coding]") {
  auto const coding = GENERATE(http::Coding::gzip, http::Coding::zstd);
  auto const exchange = [](std::string const& body, std::string_view named) {
    ScriptedServer server(always(reply(200, body, "Content-Encoding: " + std::string(named) + "\r\n")));
    auto client = Client::unix_socket(server.path(), {.ca_file = {}, .response_limit = 100'000, .compressed = true});
    auto answer = client.exchange({});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == core::Code::io_failed);
    return answer.error().detail;
  };
  std::string const bomb = http::compress(coding, std::string(10'000'000, 'x'));
  REQUIRE(bomb.size() < 100'000);
  CHECK(exchange(bomb, http::name(coding)).contains("larger than 100000 bytes"));
  std::string const whole = http::compress(coding, "whole");
  CHECK(exchange(whole.substr(0, whole.size() - 1), http::name(coding)).contains("compression is broken"));
  CHECK(exchange(whole + "x", http::name(coding)).contains("compression is broken"));
  CHECK(exchange("whole", http::name(coding)).contains("compression is broken"));
  CHECK(exchange(whole, "br").contains("not asked for"));
}

TEST_CASE("a client that did not ask leaves a body as it came", "[client][http][coding]") {
  std::string const packed = http::compress(http::Coding::gzip, "text");
  ScriptedServer server(always(reply(200, packed, "Content-Encoding: gzip\r\n")));
  auto client = Client::unix_socket(server.path());
  auto const answer = client.exchange({});
  REQUIRE(answer);
  CHECK(answer->body == packed);
  CHECK_FALSE(server.requests().at(0).head.contains("Accept-Encoding"));
}

namespace {

std::string chunk(std::string const& bytes) {
  std::string const digits = "0123456789abcdef";
  return std::string(1, digits[bytes.size() / 16]) + digits[bytes.size() % 16] + "\r\n" + bytes + "\r\n";
}

std::string const kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_CASE("a body without an end is given piece by piece while it comes", "[client][http]") {
  ScriptedServer server(always({kChunked + chunk("one"), false, true}));  // and then says nothing
  auto client = Client::unix_socket(server.path());
  std::string given;
  auto const answer = client.follow({}, [&](std::string_view piece) {
    given += piece;
    return given != "one";
  });
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.empty());
  CHECK(given == "one");
}

TEST_CASE("a body that is followed to its end is told of whole, and one that breaks off is not", "[client][http]") {
  for (bool whole : {true, false}) {
    ScriptedServer server(always({kChunked + chunk("one") + chunk("two") + (whole ? "0\r\n\r\n" : ""), true, false}));
    auto client = Client::unix_socket(server.path());
    std::string given;
    auto const answer = client.follow({}, [&](std::string_view piece) {
      given += piece;
      return true;
    });
    CHECK(given == "onetwo");
    CHECK(answer.has_value() == whole);
    if (!whole) CHECK(answer.error().code == core::Code::io_failed);
  }
}

TEST_CASE("silence in a body that is followed is a failure, and an error answer comes whole", "[client][http]") {
  ScriptedServer silent(always({kChunked + chunk("one"), false, true}));
  auto impatient = Client::unix_socket(silent.path(), {.ca_file = {}, .timeout = 50ms});
  auto const nothing = impatient.follow({}, [](std::string_view) { return true; });
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == core::Code::request_timeout);
  ScriptedServer refusing(always(reply(403, "not you")));
  auto client = Client::unix_socket(refusing.path());
  auto const answer = client.follow({}, [](std::string_view) { return false; });
  REQUIRE(answer);
  CHECK(answer->status == 403);
  CHECK(answer->body == "not you");
}
