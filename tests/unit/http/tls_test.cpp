#include "server/http/tls.hpp"

#include <openssl/ssl.h>

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/test_certificates.hpp"

namespace tocsin::http {
namespace {

void write(std::filesystem::path const& path, std::string const& text) { std::ofstream(path) << text; }

struct Files {
  Files() {
    auto made = authority.issue("DNS:localhost");
    write(folder / "a.crt", made.certificate);
    write(folder / "a.key", made.key);
    write(folder / "b.key", authority.issue("DNS:localhost").key);
    write(folder / "broken", "-----BEGIN CERTIFICATE-----\nnonsense\n");
  }
  test::TestAuthority authority;
  test::Folder folder;
};

TEST_CASE("A context speaks TLS 1.3 only, unless 1.2 is asked for", "[http][tls]") {
  Files files;
  auto modern = make_tls_context({files.folder / "a.crt", files.folder / "a.key", false});
  REQUIRE(modern);
  CHECK(SSL_CTX_get_min_proto_version(modern->get()) == TLS1_3_VERSION);
  auto wider = make_tls_context({files.folder / "a.crt", files.folder / "a.key", true});
  REQUIRE(wider);
  CHECK(SSL_CTX_get_min_proto_version(wider->get()) == TLS1_2_VERSION);
}

TEST_CASE("The suites of TLS 1.2 are the six with forward secrecy and an AEAD", "[http][tls]") {
  Files files;
  auto context = make_tls_context({files.folder / "a.crt", files.folder / "a.key", true});
  REQUIRE(context);
  auto* suites = SSL_CTX_get_ciphers(context->get());
  int old = 0;
  for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
    SSL_CIPHER const* suite = sk_SSL_CIPHER_value(suites, i);
    if (std::string_view(SSL_CIPHER_get_version(suite)) == "TLSv1.3") continue;
    ++old;
    CHECK(SSL_CIPHER_get_kx_nid(suite) == NID_kx_ecdhe);
    CHECK(SSL_CIPHER_is_aead(suite) == 1);
  }
  CHECK(old == 6);
}

TEST_CASE("Renegotiation and compression are off", "[http][tls]") {
  Files files;
  auto context = make_tls_context({files.folder / "a.crt", files.folder / "a.key", true});
  REQUIRE(context);
  auto options = SSL_CTX_get_options(context->get());
  CHECK((options & SSL_OP_NO_RENEGOTIATION) != 0);
  CHECK((options & SSL_OP_NO_COMPRESSION) != 0);
  CHECK(SSL_CTX_get_max_early_data(context->get()) == 0);
}

TEST_CASE("Files that are absent, broken or do not belong together are named in the error", "[http][tls]") {
  Files files;
  auto fails_with = [&](std::string const& certificate, std::string const& key, std::string const& culprit) {
    auto context = make_tls_context({files.folder / certificate, files.folder / key, false});
    REQUIRE_FALSE(context);
    CHECK(context.error().code == core::Code::tls_failed);
    CHECK(context.error().detail.contains((files.folder / culprit).string()));
  };
  fails_with("absent", "a.key", "absent");
  fails_with("broken", "a.key", "broken");
  fails_with("a.crt", "absent", "absent");
  fails_with("a.crt", "broken", "broken");
  fails_with("a.crt", "b.key", "b.key");
}

}  // namespace
}  // namespace tocsin::http
