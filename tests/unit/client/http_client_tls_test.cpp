#include "server/http/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin;
using namespace std::chrono_literals;
using http::Client;
using test::reply;
using test::ScriptedRequest;
using test::ScriptedServer;

namespace {

// A server with a certificate for `names`, and a client's options that trust its authority.
struct Pair {
  explicit Pair(std::string const& names)
      : server({.answer = [](ScriptedRequest const&) { return reply(200, "x"); }, .early = {}},
               authority.issue(names)) {
    options.ca_file = folder.file("ca.crt", authority.certificate());
  }
  core::Result<http::ClientResponse> ask(std::string const& host) {
    auto client = Client::https("https://" + host + ":" + std::to_string(server.port()), options);
    REQUIRE(client);
    return client->exchange({});
  }

  test::TestAuthority authority;
  test::TemporaryFolder folder;
  ScriptedServer server;
  http::ClientOptions options;
};

}  // namespace

TEST_CASE("a server that proves its name or address is talked to", "[client][tls]") {
  Pair both("DNS:localhost,IP:127.0.0.1");
  CHECK(both.ask("127.0.0.1"));
  CHECK(both.ask("localhost"));
}

TEST_CASE("one TLS connection serves many exchanges", "[client][tls]") {
  Pair pair("IP:127.0.0.1");
  auto client = Client::https("https://127.0.0.1:" + std::to_string(pair.server.port()), pair.options);
  for (int i = 0; i < 4; ++i) REQUIRE(client->exchange({}));
  CHECK(pair.server.connections() == 1);
}

TEST_CASE("a certificate for another name or address is refused", "[client][tls]") {
  for (auto const& [names, host] : {std::pair{"DNS:other.example", "localhost"},
                                    std::pair{"DNS:localhost", "127.0.0.1"}, std::pair{"DNS:127.0.0.1", "127.0.0.1"},
                                    std::pair{"IP:127.0.0.2", "127.0.0.1"}, std::pair{"IP:127.0.0.1", "localhost"}}) {
    CAPTURE(names, host);
    Pair pair(names);
    auto const refused = pair.ask(host);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == core::Code::tls_failed);
    CHECK(refused.error().remedy == "Use the host that the certificate names.");
    CHECK(pair.server.requests().empty());
  }
}

TEST_CASE("a certificate of an unknown authority is refused", "[client][tls]") {
  Pair pair("IP:127.0.0.1");
  test::TestAuthority stranger;
  SECTION("with another authority given") { pair.options.ca_file = pair.folder.file("ca.crt", stranger.certificate()); }
  SECTION("with the system's authorities") { pair.options.ca_file.reset(); }
  auto const refused = pair.ask("127.0.0.1");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::tls_failed);
  CHECK(refused.error().remedy.contains("--ca"));
}

TEST_CASE("authorities that cannot be used are refused before any connection", "[client][tls]") {
  test::TemporaryFolder folder;
  http::ClientOptions options;
  for (auto const& file : {folder.path() / "none", folder.file("empty", ""), folder.file("text", "no certificate")}) {
    options.ca_file = file;
    auto const client = Client::https("https://127.0.0.1", options);
    REQUIRE_FALSE(client);
    CHECK(client.error().code == core::Code::tls_failed);
    CHECK(client.error().detail.contains(file.string()));
  }
}

TEST_CASE("a TLS server that falls silent is given up at the deadline", "[client][tls]") {
  test::TestAuthority authority;
  ScriptedServer server(
      {.answer = [](ScriptedRequest const&) { return test::ScriptedReply{"", false, true}; }, .early = {}},
      authority.issue("IP:127.0.0.1"));
  test::TemporaryFolder folder;
  http::ClientOptions options;
  options.ca_file = folder.file("ca.crt", authority.certificate());
  options.timeout = 200ms;
  auto client = Client::https("https://127.0.0.1:" + std::to_string(server.port()), options);
  auto const late = client->exchange({});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == core::Code::request_timeout);
}

TEST_CASE("a closed port is a failure that names the server", "[client][tls]") {
  int port = 0;
  {
    Pair pair("IP:127.0.0.1");
    port = pair.server.port();
  }
  auto client = Client::https("https://127.0.0.1:" + std::to_string(port));
  auto const refused = client->exchange({});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::io_failed);
  CHECK(refused.error().detail.contains("127.0.0.1:" + std::to_string(port)));
}
