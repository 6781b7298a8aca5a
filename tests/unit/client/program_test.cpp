#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

TEST_CASE("help teaches: examples, environment, exit codes", "[client][program]") {
  TaxiiScript taxii;
  auto const help = taxii.run({"--help"});
  CHECK(help.exit == Exit::ok);
  for (auto const* word : {"Examples:", "TOCSIN_URL", "Exit codes:", "submit", "pull", "get", "status", "whoami",
                           "collections", "completion"}) {
    CHECK(help.out.contains(word));
  }
  CHECK(taxii.run({"pull", "--help"}).out.contains("--since"));
  CHECK(taxii.run({"--version"}).out.starts_with("tocsin "));
}

TEST_CASE("mistakes on the command line exit with 1", "[client][program]") {
  TaxiiScript taxii;
  for (auto const& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"frobnicate"},
                                                                     {"submit"},
                                                                     {"get"},
                                                                     {"pull", "--format", "xml"},
                                                                     {"pull", "--limit", "0"},
                                                                     {"pull", "--since", "yesterday"},
                                                                     {"completion", "tcsh"},
                                                                     {"--url", "http://127.0.0.1", "whoami"},
                                                                     {"--ca", "/nonexistent", "whoami"}}) {
    CHECK(taxii.run(arguments).exit == Exit::local);
  }
  CHECK(taxii.requests().empty());
}

TEST_CASE("completion is made from the commands there are", "[client][program]") {
  TaxiiScript taxii;
  auto const script = taxii.run({"completion", "bash"});
  CHECK(script.exit == Exit::ok);
  for (auto const* word : {"submit", "--all-versions", "--since", "ndjson bundle", "bash zsh fish"})
    CHECK(script.out.contains(word));
  CHECK(taxii.requests().empty());
}

TEST_CASE("whoami shows the organisation and what it may do", "[client][program]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/me", [](ScriptedRequest const& request) {
    CHECK(request.has("Authorization: Bearer t0ken"));
    return reply(
        200,
        R"({"organisation":"Lab","type":"lab","roles":["analyst","reader"],"clearance":"amber","credential":{"label":"ci"},)"
        R"("collections":[{"id":"1","title":"network","can_read":true,"can_write":false}]})");
  });
  auto const text = taxii.run({"whoami"});
  CHECK(text.exit == Exit::ok);
  CHECK(text.out.contains("organisation  Lab\n"));
  CHECK(text.out.contains("analyst, reader"));
  CHECK(text.out.contains("network (read)"));
  CHECK(text.out.contains("expires       never"));
  CHECK(nlohmann::json::parse(taxii.run({"whoami", "--json"}).out)["type"] == "lab");
}

TEST_CASE("the status of an answer decides the exit code", "[client][program]") {
  auto const [status, exit] = GENERATE(table<int, Exit>({{401, Exit::unauthorised},
                                                         {403, Exit::unauthorised},
                                                         {404, Exit::not_found},
                                                         {400, Exit::local},
                                                         {422, Exit::local},
                                                         {500, Exit::server},
                                                         {302, Exit::server}}));
  TaxiiScript taxii;
  taxii.on("GET /api/status/7/",
           [status](ScriptedRequest const&) { return reply(status, R"({"title":"no","detail":"because\u001b[2J"})"); });
  auto const run = taxii.run({"status", "7"});
  CHECK(run.exit == exit);
  CHECK(run.err.contains("because?[2J"));
  CHECK_FALSE(run.err.contains("t0ken"));
  auto const document = nlohmann::json::parse(taxii.run({"--json", "status", "7"}).out);
  CHECK(document["error"]["exit"] == static_cast<int>(exit));
}

TEST_CASE("a server without what every such server has exits with 4", "[client][program]") {
  TaxiiScript taxii;
  CHECK(taxii.run({"whoami"}).exit == Exit::server);
  taxii.on("GET /taxii2/", [](ScriptedRequest const&) { return reply(404, "<h1>Not found</h1>"); });
  auto const run = taxii.run({"pull"});
  CHECK(run.exit == Exit::server);
  CHECK(run.err.contains("Check that the URL is a Tocsin or TAXII 2.1 server."));
}

TEST_CASE("a server that cannot be reached exits with 4 at once", "[client][program]") {
  TaxiiScript taxii;
  taxii.start();
  auto const run = taxii.run({"--url", "https://127.0.0.1:1", "whoami"});
  CHECK(run.exit == Exit::server);
  CHECK(taxii.pauses().empty());
}

TEST_CASE("a busy server is asked again after the time it names", "[client][program]") {
  TaxiiScript taxii;
  int left = 2;
  taxii.on("GET /api/v1/me", [&](ScriptedRequest const&) {
    return left-- > 0 ? reply(429, "{}", left == 1 ? "Retry-After: 7\r\n" : "")
                      : reply(200, R"({"organisation":"Lab"})");
  });
  CHECK(taxii.run({"whoami"}).exit == Exit::ok);
  using namespace std::chrono_literals;
  CHECK(taxii.pauses() == std::vector<std::chrono::milliseconds>{7s, 2s});
}

TEST_CASE("a server that stays busy is given up", "[client][program]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/me", [](ScriptedRequest const&) { return reply(503, "{}", "Retry-After: 100000\r\n"); });
  CHECK(taxii.run({"whoami"}).exit == Exit::server);
  CHECK(taxii.pauses() == std::vector<std::chrono::milliseconds>(5, std::chrono::seconds(60)));
}

TEST_CASE("collections are listed with what may be done", "[client][program]") {
  TaxiiScript taxii;
  auto const text = taxii.run({"collections"});
  CHECK(text.out == std::string(test::kNetworkId) + "  rw  network\n" + test::kCampaignsId + "  r-  campaigns\n");
  CHECK(nlohmann::json::parse(taxii.run({"collections", "--json"}).out)["collections"].size() == 2);
}

TEST_CASE("discovery is followed on the same server only", "[client][program]") {
  TaxiiScript taxii;
  std::string discovery;
  taxii.on("GET /taxii2/", [&](ScriptedRequest const&) { return reply(200, discovery); });
  taxii.start();
  SECTION("an absolute URL of this server") { discovery = R"({"title":"t","default":")" + taxii.url() + R"(/api"})"; }
  SECTION("the first root that is on this server") {
    discovery = R"({"title":"t","default":"https://evil.example/api/","api_roots":["//evil.example/","/api/"]})";
  }
  SECTION("a root elsewhere is refused") {
    discovery = R"({"title":"t","default":"https://evil.example/api/"})";
    auto const run = taxii.run({"collections"});
    CHECK(run.exit == Exit::server);
    CHECK(run.err.contains("evil.example"));
    return;
  }
  SECTION("another port is elsewhere") {
    discovery = R"({"title":"t","default":"https://127.0.0.1/api/"})";
    CHECK(taxii.run({"collections"}).exit == Exit::server);
    return;
  }
  CHECK(taxii.run({"collections"}).exit == Exit::ok);
}
