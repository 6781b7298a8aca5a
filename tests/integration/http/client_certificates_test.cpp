// The listener that asks for client certificates: whom it hears, what requests learn of them, and what a reload
// changes.
#include <fstream>

#include "tests/integration/http/fixture.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

constexpr std::string_view kClient = "GET /client HTTP/1.1\r\nHost: a\r\n\r\n";

// A server with a mutual TLS listener, and two authorities of which it trusts the first.
struct Mutual {
  explicit Mutual(std::function<void(Mutual&, ServerOptions&)> const& adjust = {}) {
    write("clients-ca.crt", trusted.certificate());
    server.emplace([&](ServerOptions& options) {
      options.mtls = ListenAddress{"127.0.0.1", 0};
      options.tls.clients.authorities = folder / "clients-ca.crt";
      if (adjust) adjust(*this, options);
    });
  }
  void write(char const* name, std::string const& text) const { std::ofstream(folder / name) << text; }
  // What the server says to a client with this certificate; "" when it ends the connection.
  [[nodiscard]] std::string ask(test::TestCertificate const& own) const {
    auto client = test::RawClient::tls(server->mtls_port(), own);
    client.send(kClient);
    auto answer = client.receive();
    return answer ? answer->body : "";
  }

  test::Folder folder;
  test::TestAuthority trusted, other;
  std::optional<TestServer> server;
};

void with_list(Mutual& mutual, ServerOptions& options, std::string const& list) {
  mutual.write("clients.crl", list);
  options.tls.clients.revoked = mutual.folder / "clients.crl";
}

TEST_CASE("Requests learn the names in a client's certificate on the listener that asks for one only", "[http][mtls]") {
  Mutual mutual;
  auto own = mutual.trusted.issue_client("URI:spiffe://lab/feed,DNS:Feed.Lab.example,email:a@lab.example");
  CHECK(mutual.ask(own) == "somebody URI:spiffe://lab/feed DNS:feed.lab.example");
  CHECK(mutual.ask(mutual.trusted.issue_client("")) == "somebody");
  CHECK(mutual.server->connect().ask(kClient).body == "not asked");
  auto ordinary = test::RawClient::tls(mutual.server->port(), own);
  CHECK(ordinary.ask(kClient).body == "not asked");
}

TEST_CASE("A26: a client without a certificate, or with one that is not trusted, is not heard", "[http][mtls]") {
  Mutual mutual;
  CHECK(mutual.ask(mutual.other.issue_client("URI:spiffe://lab/feed")).empty());
  for (char const* usage : {"", "serverAuth", "anyExtendedKeyUsage"}) {
    INFO(usage);
    CHECK(mutual.ask(mutual.trusted.issue_client("URI:spiffe://lab/feed", usage)).empty());
  }
  auto nobody = test::RawClient::tls(mutual.server->mtls_port());
  nobody.send(kClient);
  CHECK_FALSE(nobody.receive());
  CHECK(mutual.server->calls("/client") == 0);
  // The client knows of a refusal before the server has counted it.
  CHECK(eventually([&] { return mutual.server->metric("tocsin_http_handshake_failures_total") == "5"; }));
  CHECK(eventually([&] { return mutual.server->log().contains("tls.client_refused"); }));
}

TEST_CASE("A09: a certificate whose names cannot be taken for anybody makes the request nobody's", "[http][mtls]") {
  Mutual mutual;
  CHECK(mutual.ask(mutual.trusted.issue_client("URI:spiffe://lab/a b")) == "nobody");
  CHECK(mutual.ask(mutual.trusted.issue_client("DER:30028200")) == "nobody");
}

TEST_CASE("A26: an open connection whose certificate a reload revokes is nobody's at its next request",
          "[http][mtls]") {
  Mutual mutual(
      [](Mutual& made, ServerOptions& options) { with_list(made, options, made.trusted.revocation_list({})); });
  auto revoked = mutual.trusted.issue_client("URI:spiffe://lab/old"), good = mutual.trusted.issue_client("DNS:good");
  auto open = test::RawClient::tls(mutual.server->mtls_port(), revoked),
       kept = test::RawClient::tls(mutual.server->mtls_port(), good);
  CHECK(open.ask(kClient).body == "somebody URI:spiffe://lab/old");
  CHECK(kept.ask(kClient).body == "somebody DNS:good");
  mutual.write("clients.crl", mutual.trusted.revocation_list({revoked.serial}));
  CHECK(open.ask(kClient).body == "somebody URI:spiffe://lab/old");  // not before the reload
  REQUIRE(mutual.server->reload());
  CHECK(open.ask(kClient).body == "nobody");
  CHECK(kept.ask(kClient).body == "somebody DNS:good");
  CHECK(mutual.ask(revoked).empty());
}

TEST_CASE("A26: an endless answer to a certificate that a reload revokes is stopped", "[http][mtls]") {
  Mutual mutual(
      [](Mutual& made, ServerOptions& options) { with_list(made, options, made.trusted.revocation_list({})); });
  auto revoked = mutual.trusted.issue_client("URI:spiffe://lab/old");
  auto open = test::RawClient::tls(mutual.server->mtls_port(), revoked);
  open.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(open.read_through("begun\r\n"));
  mutual.write("clients.crl", mutual.trusted.revocation_list({revoked.serial}));
  REQUIRE(mutual.server->reload());
  CHECK(open.read_through("\r\n") == "0\r\n");
}

TEST_CASE("An open connection whose authority a reload takes away is nobody's, for good", "[http][mtls]") {
  Mutual mutual;
  auto open = test::RawClient::tls(mutual.server->mtls_port(), mutual.trusted.issue_client("DNS:one"));
  CHECK(open.ask(kClient).body == "somebody DNS:one");
  mutual.write("clients-ca.crt", mutual.other.certificate());
  REQUIRE(mutual.server->reload());
  CHECK(open.ask(kClient).body == "nobody");
  CHECK(mutual.ask(mutual.other.issue_client("DNS:two")) == "somebody DNS:two");
  mutual.write("clients-ca.crt", mutual.trusted.certificate());
  REQUIRE(mutual.server->reload());
  CHECK(open.ask(kClient).body == "nobody");
}

TEST_CASE("With a revocation list that has run out nobody is trusted", "[http][mtls]") {
  Mutual mutual(
      [](Mutual& made, ServerOptions& options) { with_list(made, options, made.trusted.revocation_list({}, -1)); });
  CHECK(mutual.ask(mutual.trusted.issue_client("DNS:one")).empty());
}

TEST_CASE("With a revocation list of another authority nobody is trusted", "[http][mtls]") {
  Mutual mutual([](Mutual& made, ServerOptions& options) { with_list(made, options, made.other.revocation_list({})); });
  CHECK(mutual.ask(mutual.trusted.issue_client("DNS:one")).empty());
}

TEST_CASE("Files of authorities or lists that cannot be read are errors that name them and change nothing",
          "[http][mtls]") {
  Mutual mutual;
  auto own = mutual.trusted.issue_client("DNS:one");
  for (char const* text : {"", "nonsense"}) {
    mutual.write("clients-ca.crt", text);
    auto refused = mutual.server->reload();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == core::Code::tls_failed);
    CHECK(refused.error().detail.contains("clients-ca.crt"));
  }
  mutual.write("clients-ca.crt", mutual.trusted.certificate());
  auto refused = mutual.server->reload(
      [&](ServerOptions& options) { options.tls.clients.revoked = mutual.folder / "absent.crl"; });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.contains("absent.crl"));
  CHECK(mutual.ask(own) == "somebody DNS:one");
}

}  // namespace
}  // namespace tocsin::http
