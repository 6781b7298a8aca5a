// The commands about one's own ranges: what they send and print.
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using nlohmann::json;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

constexpr char const* kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

std::string alert(std::string const& range, int others, bool revoked = false) {
  json named = others > 0 ? json{{"organisation", "aurora"}} : json::object();
  named.update({{"range", range},
                {"others", others},
                {"id", kId},
                {"modified", "2026-01-02T03:04:05.000Z"},
                {"collection", test::kNetworkId},
                {"revoked", revoked},
                {"dispute", std::string("tocsin dispute ") + kId + " --because \"...\""}});
  return named.dump();
}

std::vector<json> bodies(TaxiiScript const& taxii, std::string const& method) {
  std::vector<json> out;
  for (auto const& request : taxii.requests())
    if (request.method == method) out.push_back(json::parse(request.body));
  return out;
}

}  // namespace

TEST_CASE("ranges are sent as they are given, from the command line and standard input", "[client][ranges]") {
  TaxiiScript taxii;
  auto const changed = [](ScriptedRequest const&) { return reply(200, R"({"added":2,"removed":1,"total":3})"); };
  taxii.on("POST /api/v1/ranges", changed);
  taxii.on("POST /api/v1/ranges/remove", changed);
  auto const run = taxii.run({"ranges", "add", "AS7", "-"}, "9.9.9.0/24  # office\n\n# nothing\n");
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == "2 added, 3 registered\n");
  CHECK(taxii.run({"ranges", "remove", "AS7"}).out == "1 removed, 3 registered\n");
  CHECK(bodies(taxii, "POST") == std::vector<json>{{{"ranges", {"AS7", "9.9.9.0/24"}}}, {{"ranges", {"AS7"}}}});
}

TEST_CASE("a thousand ranges go in one body", "[client][ranges]") {
  TaxiiScript taxii;
  taxii.on("POST /api/v1/ranges", [](ScriptedRequest const& request) {
    auto const size = json::parse(request.body).at("ranges").size();
    return reply(200, json{{"added", size}, {"total", size}}.dump());
  });
  std::string lines;
  for (int i = 0; i < 1'001; ++i) lines += "AS" + std::to_string(i) + "\n";
  CHECK(taxii.run({"ranges", "add", "-"}, lines).out == "1001 added, 1 registered\n");
  CHECK(bodies(taxii, "POST").size() == 2);
}

TEST_CASE("what went in before a refusal or a broken connection is said", "[client][ranges]") {
  for (bool const breaks : {false, true}) {
    TaxiiScript taxii;
    taxii.on("POST /api/v1/ranges", [breaks](ScriptedRequest const& request) {
      auto const size = json::parse(request.body).at("ranges").size();
      if (size == 1'000) return reply(200, json{{"added", size}, {"total", size}}.dump());
      return breaks ? test::ScriptedReply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", true, false}
                    : reply(400, R"({"detail":"Bits are set.","pointer":"/ranges/0"})");
    });
    std::string lines;
    for (int i = 0; i < 1'001; ++i) lines += "AS" + std::to_string(i) + "\n";
    auto const run = taxii.run({"ranges", "add", "-"}, lines);
    CHECK(run.exit != Exit::ok);
    CHECK(run.err.contains("The 1000 before it are added."));
  }
}

TEST_CASE("a refused range is named", "[client][ranges]") {
  TaxiiScript taxii;
  taxii.on("POST /api/v1/ranges",
           [](ScriptedRequest const&) { return reply(400, R"({"detail":"Bits are set.","pointer":"/ranges/1"})"); });
  auto const run = taxii.run({"ranges", "add", "AS7", "9.9.9.9/24"});
  CHECK(run.exit == Exit::local);
  CHECK(run.err.starts_with("tocsin: 9.9.9.9/24: The server answered 400"));
}

TEST_CASE("ranges without a range, and a list with one, are refused before the server is asked", "[client][ranges]") {
  TaxiiScript taxii;
  CHECK(taxii.run({"ranges", "add"}).exit == Exit::local);
  CHECK(taxii.run({"ranges", "list", "AS7"}).exit == Exit::local);
  CHECK(taxii.run({"ranges", "forget", "AS7"}).exit == Exit::local);
  CHECK(taxii.requests().empty());
}

TEST_CASE("alerts are a table that ends with how to dispute one", "[client][alerts]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/alerts", [](ScriptedRequest const& request) {
    bool const first = !request.target.contains("after=");
    return reply(200, "{\"alerts\":[" + (first ? alert("9.9.9.0/24", 0) : alert("AS7", 2, true)) + "],\"after\":\"" +
                          (first ? "p1" : "p2") + "\",\"complete\":" + (first ? "false" : "true") + "}");
  });
  auto const run = taxii.run({"alerts"});
  CHECK(run.exit == Exit::ok);
  std::string const row = std::string("2026-01-02T03:04:05.000Z  ") + kId + "  network  ";
  CHECK(run.out == "9.9.9.0/24  " + row + "a member that does not name itself\nAS7 +2      " + row +
                       "aurora  revoked\n\nTo dispute one, with its id and your reason:\n  " + "tocsin dispute " + kId +
                       " --because \"...\"\n");
  CHECK(run.err == "next time: --after p2\n");
  CHECK(json::parse(taxii.run({"alerts", "--json", "--limit", "1"}).out)["after"] == "p1");
  CHECK(json::parse(taxii.run({"alerts", "--json", "--after", "p1"}).out)["alerts"].size() == 1);
}

TEST_CASE("a server that says there is more, but not where, is not asked for ever", "[client][alerts]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/alerts",
           [](ScriptedRequest const&) { return reply(200, R"({"alerts":[],"after":"p","complete":false})"); });
  CHECK(taxii.run({"alerts"}).exit == Exit::server);
}
