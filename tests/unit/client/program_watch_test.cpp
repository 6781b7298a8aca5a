#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::reply;
using test::ScriptedReply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

constexpr auto kStream = "GET /api/v1/stream";
constexpr auto kEnd = "event: end\ndata: {\"code\":\"unauthorized\",\"why\":\"Revoked.\"}\n\n";

std::string event(std::string const& id, std::string const& object) {
  return "event: object\nid: " + id + "\ndata: {\"collection\":\"c\",\"object\":" + object +
         ",\"date_added\":\"2026-01-01T00:00:00.000000Z\"}\n\n";
}

// An answer in chunks, each a piece; whole when it has its last chunk.
ScriptedReply chunked(std::vector<std::string> const& pieces, bool whole) {
  std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (auto const& piece : pieces) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    bytes += size + piece + "\r\n";
  }
  return {bytes + (whole ? "0\r\n\r\n" : ""), !whole, false};
}

std::string last_event_id(ScriptedRequest const& request) {
  auto at = request.head.find("\r\nLast-Event-ID: ");
  if (at == std::string::npos) return "";
  at += 17;
  return request.head.substr(at, request.head.find("\r\n", at) - at);
}

// What each request in turn is answered with.
void answer_in_turn(TaxiiScript& server, std::vector<ScriptedReply> replies) {
  server.on(kStream, [replies = std::move(replies), turn = std::make_shared<std::size_t>(0)](ScriptedRequest const&) {
    return replies.at((*turn)++);
  });
}

std::vector<std::string> places(TaxiiScript const& server) {
  std::vector<std::string> out;
  for (auto const& request : server.requests())
    if (request.target.starts_with("/api/v1/stream")) out.push_back(last_event_id(request));
  return out;
}

}  // namespace

TEST_CASE("watch prints each object as a line, byte for byte, until the server says why it ends", "[client][watch]") {
  TaxiiScript server;
  answer_in_turn(server,
                 {chunked({"id: 0\n\n", ": keep-alive\n\n", event("1", R"({"b": 1,"a":"\u00e9"})"),
                           event("2", R"({"object":{"date_added":"x"}})") + "event: other\ndata: {}\n\n" + kEnd},
                          true)});
  auto done = server.run({"watch"});
  CHECK(done.out == "{\"b\": 1,\"a\":\"\\u00e9\"}\n{\"object\":{\"date_added\":\"x\"}}\n");
  CHECK(done.exit == Exit::unauthorised);
  CHECK(done.err.contains("Revoked."));
  CHECK(done.err.starts_with("-  --after 1\n-  --after 2\n"));
  CHECK(server.pauses().empty());
}

TEST_CASE("watch says the id of each object, and how to go on behind it", "[client][watch]") {
  TaxiiScript server;
  answer_in_turn(server, {chunked({event("place-1", R"({"id":"tool--1"})") + kEnd}, true)});
  auto done = server.run({"watch"});
  CHECK(done.out == "{\"id\":\"tool--1\"}\n");
  CHECK(done.err.starts_with("tool--1  --after place-1\n"));
}

TEST_CASE("watch goes on behind the last whole event when the connection breaks, and waits longer each time",
          "[client][watch]") {
  TaxiiScript server;
  auto broken = chunked({}, false);
  answer_in_turn(
      server,
      {chunked({"id: 0\n\n"}, false), chunked({event("1", "{}"), event("2", "{}").substr(0, 30)}, false), broken,
       broken, reply(503, "{}", "Retry-After: 20\r\n"), chunked({event("2", "{}")}, true), chunked({kEnd}, true)});
  auto done = server.run({"watch", "--after", "start"});
  CHECK(done.exit == Exit::unauthorised);
  CHECK(done.out == "{}\n{}\n");
  CHECK(places(server) == std::vector<std::string>{"start", "0", "1", "1", "1", "1", "2"});
  std::vector<int> const longest{1, 1, 2, 4, 20, 1};
  REQUIRE(server.pauses().size() == longest.size());
  for (std::size_t i = 0; i < longest.size(); ++i) {
    CHECK(server.pauses()[i] >= std::chrono::milliseconds(500 * longest[i]));
    CHECK(server.pauses()[i] <= std::chrono::milliseconds(1'000 * longest[i]));
  }
}

TEST_CASE("watch asks for the collections and types it is told", "[client][watch]") {
  TaxiiScript server;
  answer_in_turn(server, {chunked({kEnd}, true)});
  (void)server.run(
      {"watch", "--collection", "net", "--collection", "campaigns", "--type", "tool", "--type", "malware"});
  CHECK(server.requests().back().target == std::string("/api/v1/stream?collection=") + test::kNetworkId +
                                               "&collection=" + test::kCampaignsId + "&match%5Btype%5D=tool%2Cmalware");
}

TEST_CASE("watch gives up at once when asking again is of no use", "[client][watch]") {
  for (auto const& [status, exit] : {std::pair(401, Exit::unauthorised),
                                     {403, Exit::unauthorised},
                                     {400, Exit::local},
                                     {404, Exit::not_found},
                                     {500, Exit::server}}) {
    TaxiiScript server;
    answer_in_turn(server, {reply(status, R"({"detail":"Because."})")});
    auto done = server.run({"watch"});
    CHECK(done.exit == exit);
    CHECK(done.err.contains("Because."));
    CHECK(server.pauses().empty());
  }
  TaxiiScript server;
  answer_in_turn(server, {chunked({"event: object\ndata: {\"nothing\":1}\n\n"}, false)});
  CHECK(server.run({"watch"}).exit == Exit::server);
}
