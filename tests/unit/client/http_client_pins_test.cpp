// A server that is known by its key, at addresses that may be connected to; and an exchange that is ended.
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <future>
#include <memory>

#include "schema/core/digest.hpp"
#include "server/http/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/test_certificates.hpp"

using namespace tocsin;
using namespace std::chrono_literals;
using http::Client;
using test::reply;
using test::ScriptedRequest;
using test::ScriptedServer;

namespace {

core::Digest pin_of(test::TestCertificate const& certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free_all)> text(
      BIO_new_mem_buf(certificate.certificate.data(), static_cast<int>(certificate.certificate.size())), BIO_free_all);
  std::unique_ptr<X509, decltype(&X509_free)> read(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free);
  unsigned char* der = nullptr;
  int const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(read.get()), &der);
  std::string const bytes(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return core::sha256(bytes);
}

// A server whose certificate names nobody who is asked for, from an authority that nobody knows.
struct Pinned {
  test::TestAuthority authority;
  test::TestCertificate certificate = authority.issue("DNS:elsewhere.example");
  ScriptedServer server{{.answer = [](ScriptedRequest const&) { return reply(200, "x"); }, .early = {}}, certificate};

  core::Result<http::ClientResponse> ask(http::ClientOptions options) {
    auto client = Client::https("https://127.0.0.1:" + std::to_string(server.port()), std::move(options));
    REQUIRE(client);
    return client->exchange({});
  }
};

}  // namespace

TEST_CASE("a server with a pinned key is talked to, whatever its certificate names", "[client][tls]") {
  Pinned pinned;
  http::ClientOptions options;
  options.server_keys = {core::Digest{}, pin_of(pinned.certificate)};
  CHECK(pinned.ask(options));
}

TEST_CASE("a server with another key than those pinned is refused before it is asked", "[client][tls]") {
  Pinned pinned;
  http::ClientOptions options;
  options.server_keys = {pin_of(pinned.authority.issue("DNS:elsewhere.example"))};
  auto const refused = pinned.ask(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::tls_failed);
  CHECK(refused.error().detail.contains("another key than those pinned"));
  CHECK(pinned.server.requests().empty());
}

TEST_CASE("no address is connected to that is not allowed", "[client][tls]") {
  Pinned pinned;
  http::ClientOptions options;
  options.server_keys = {pin_of(pinned.certificate)};
  std::vector<std::string> asked;
  options.may_lie_at = [&](std::string const& address) {
    asked.push_back(address);
    return false;
  };
  auto const refused = pinned.ask(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::io_failed);
  CHECK(asked == std::vector<std::string>{"127.0.0.1"});
  CHECK(pinned.server.connections() == 0);
  options.may_lie_at = [](std::string const& address) { return address == "127.0.0.1"; };
  CHECK(pinned.ask(options));
}

TEST_CASE("an exchange that waits ends when the client is stopped, and none begins after that", "[client][tls]") {
  test::TestAuthority authority;
  auto const certificate = authority.issue("IP:127.0.0.1");
  std::promise<void> asked;
  ScriptedServer server({.answer =
                             [&](ScriptedRequest const&) {
                               asked.set_value();
                               return test::ScriptedReply{.bytes = "", .hang = true};
                             },
                         .early = {}},
                        certificate);
  http::ClientOptions options;
  options.server_keys = {pin_of(certificate)};
  auto client = Client::https("https://127.0.0.1:" + std::to_string(server.port()), options);
  REQUIRE(client);
  auto ended = std::async(std::launch::async, [&] { return client->exchange({}); });
  asked.get_future().wait();
  client->stop();
  auto const answer = ended.get();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == core::Code::unavailable);
  CHECK(client->exchange({}).error().code == core::Code::unavailable);
}

TEST_CASE("limits hold for the exchanges that follow", "[client][tls]") {
  Pinned pinned;
  http::ClientOptions options;
  options.server_keys = {pin_of(pinned.certificate)};
  auto client = Client::https("https://127.0.0.1:" + std::to_string(pinned.server.port()), options);
  REQUIRE(client);
  client->set_limits(10s, 0);
  CHECK(client->exchange({}).error().code == core::Code::io_failed);
  client->set_limits(10s, 1);
  CHECK(client->exchange({}));
}
