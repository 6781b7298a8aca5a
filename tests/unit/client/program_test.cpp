#include <algorithm>
#include <fstream>
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

TEST_CASE("every failure is a sentence and, on the next line, how to mend it", "[client][program]") {
  TaxiiScript taxii;
  taxii.set("XDG_CONFIG_HOME", taxii.folder().path().string());
  taxii.folder().file("tocsin/profiles.toml", "[both]\nurl = \"https://x\"\ntoken = \"a\"\ntoken_file = \"b\"\n");
  taxii.on("GET /api/status/400/", [](ScriptedRequest const&) { return reply(400, "{}"); });
  taxii.on("GET /api/status/403/", [](ScriptedRequest const&) { return reply(403, "{}"); });
  taxii.on("GET /api/status/500/", [](ScriptedRequest const&) { return reply(500, "{}"); });
  taxii.on("GET /api/status/302/", [](ScriptedRequest const&) { return reply(302, "{}"); });
  taxii.on("GET /api/status/no/", [](ScriptedRequest const&) { return reply(200, R"({"id":"no"})"); });
  for (auto const& arguments : std::vector<std::vector<std::string>>{{"frobnicate"},
                                                                     {"submit", "/tmp"},
                                                                     {"submit", "/nonexistent"},
                                                                     {"submit", "/dev/null"},
                                                                     {"submit", "--collection", "none", "-"},
                                                                     {"submit", "--collection", "campaigns", "-"},
                                                                     {"get", "indicator--1"},
                                                                     {"get", "indicator--1", "--collection", "net"},
                                                                     {"status", "absent"},
                                                                     {"status", "no"},
                                                                     {"status", "400"},
                                                                     {"status", "403"},
                                                                     {"status", "500"},
                                                                     {"status", "302"},
                                                                     {"whoami", "--profile", "none"},
                                                                     {"whoami", "--profile", "both"},
                                                                     {"whoami", "--token", "@/nonexistent"},
                                                                     {"whoami", "--token", "a b"},
                                                                     {"whoami", "--ca", "/nonexistent"},
                                                                     {"whoami", "--url", "https://127.0.0.1:1"},
                                                                     {"whoami", "--url", "http://127.0.0.1"},
                                                                     {"pull", "--since", "yesterday"},
                                                                     {"pull", "-o", "/nonexistent/out"}}) {
    auto const run = taxii.run(arguments, R"({"id":"a--1"})");
    CAPTURE(arguments, run.err);
    CHECK(run.exit != Exit::ok);
    CHECK(run.err.starts_with("tocsin: "));
    CHECK(run.err.contains(".\n  "));
    CHECK(std::ranges::count(run.err, '\n') == 2);
  }
}

TEST_CASE("words that do not belong are named, and where they do", "[client][program]") {
  TaxiiScript taxii;
  CHECK(
      taxii.run({"--collection", "network", "get", "x"})
          .err.starts_with("tocsin: The option --collection belongs after its command: tocsin get --collection ...\n"));
  CHECK(taxii.run({"get", "a", "b", "c"}).err.starts_with("tocsin: b is one word more than get takes.\n"));
  CHECK(taxii.run({"get", "--foo", "a"}).err.starts_with("tocsin: The command get has no option --foo.\n"));
}

TEST_CASE("the help of a command says where the options of all are", "[client][program]") {
  TaxiiScript taxii;
  for (auto const* command : {"submit", "pull", "get", "status", "whoami", "collections", "completion"}) {
    CHECK(taxii.run({command, "--help"}).out.contains("see tocsin --help"));
  }
}

TEST_CASE("without a token nobody is asked", "[client][program]") {
  TaxiiScript taxii;
  taxii.set("TOCSIN_TOKEN", "");
  auto const run = taxii.run({"whoami"});
  CHECK(run.exit == Exit::unauthorised);
  CHECK(run.err.starts_with("tocsin: No token is given"));
  CHECK(taxii.requests().empty());
}

TEST_CASE("a certificate that is refused names the authorities that were trusted", "[client][program]") {
  TaxiiScript taxii;
  auto const other = taxii.folder().file("other.crt", test::TestAuthority().certificate()).string();
  auto const run = taxii.run({"whoami", "--ca", other});
  CHECK(run.exit == Exit::server);
  CHECK(run.err.contains("certificate"));
  CHECK(run.err.contains("Trusted are the authorities of " + other + "."));
}

TEST_CASE("an output that takes nothing is a failure", "[client][program]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/me", [](ScriptedRequest const&) { return reply(200, R"({"organisation":"Lab"})"); });
  for (auto const& arguments : std::vector<std::vector<std::string>>{
           {"whoami"}, {"--json", "whoami"}, {"collections"}, {"--help"}, {"completion", "bash"}}) {
    std::ofstream full("/dev/full");
    auto const run = taxii.run(arguments, {}, full);
    CAPTURE(arguments, run.err);
    CHECK(run.exit == Exit::local);
    CHECK(run.err.starts_with("tocsin: Standard output cannot be written"));
  }
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

TEST_CASE("whoami shows what narrows the credential", "[client][program]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/me", [](ScriptedRequest const&) {
    return reply(
        200,
        R"({"organisation":"Lab","credential":{"label":"ci","dialect":"tlp1","kinds":["indicator","campaign"],"max_tlp":"green"}})");
  });
  auto const text = taxii.run({"whoami"}).out;
  CHECK(text.contains("dialect       tlp1\n"));
  CHECK(text.contains("kinds         indicator, campaign\n"));
  CHECK(text.contains("max TLP       green\n"));
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
  CHECK(run.err.contains("refused.\n  Check the host and the port of the URL"));
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
