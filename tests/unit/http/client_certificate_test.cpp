#include "server/http/client_certificate.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_certificates.hpp"

namespace tocsin::http {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate parse(std::string const& pem) {
  std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), X509_free};
}

std::string der(X509* certificate) {
  unsigned char* bytes = nullptr;
  int size = i2d_X509(certificate, &bytes);
  std::string out(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

core::Result<base::ClientCertificate> read_named(std::string const& names) {
  static test::TestAuthority const authority;
  return read_client_certificate(*parse(authority.issue_client(names).certificate));
}

TEST_CASE("The pin of a certificate is the SHA-256 of its public key info", "[http][mtls]") {
  test::TestAuthority authority;
  auto made = authority.issue_client("");
  auto certificate = parse(made.certificate);
  unsigned char* bytes = nullptr;
  int size = i2d_PUBKEY(X509_get0_pubkey(certificate.get()), &bytes);
  auto expected = core::sha256({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  auto read = read_client_certificate(*certificate);
  REQUIRE(read);
  CHECK(read->pin == expected);
  CHECK(read->names.empty());
  CHECK(read_client_certificate(*parse(authority.issue_client("").certificate))->pin != expected);
}

TEST_CASE("Names are the URIs and DNS names of a certificate, each once, never its subject", "[http][mtls]") {
  CHECK(read_named("URI:https://Lab.example/Feed,DNS:A.Example,DNS:a.example,IP:192.0.2.1,email:a@b.example")->names ==
        std::vector<std::string>{"URI:https://Lab.example/Feed", "DNS:a.example"});
}

TEST_CASE("A certificate with a name that could be taken for another is refused whole", "[http][mtls]") {
  for (std::string const& bad : std::initializer_list<std::string>{"DNS:a b", "URI:a\x7F", "DNS:\xC3\xA4.example",
                                                                   "DNS:" + std::string(513, 'a')}) {
    INFO(bad);
    CHECK_FALSE(read_named("DNS:good.example," + bad));
  }
  for (char const* empty : {"DER:30028600", "DER:30028200", "DER:300486008201"}) CHECK_FALSE(read_named(empty));
  CHECK(read_named("URI:" + std::string(512, 'a')));
}

TEST_CASE("A09: a NUL in a name, and two lists of names, are refused", "[http][mtls]") {
  test::TestAuthority authority;
  auto certificate = parse(authority.issue_client("DNS:evil.example-good.example").certificate);
  std::string bytes = der(certificate.get());
  REQUIRE(read_client_certificate(bytes));
  bytes[bytes.find("evil.example-") + 12] = '\0';
  CHECK_FALSE(read_client_certificate(bytes));
  int at = X509_get_ext_by_NID(certificate.get(), NID_subject_alt_name, -1);
  X509_add_ext(certificate.get(), X509_get_ext(certificate.get(), at), -1);
  CHECK_FALSE(read_client_certificate(*certificate));
}

TEST_CASE("At most 32 names are read, and no bytes behind a certificate", "[http][mtls]") {
  std::string names = "DNS:a0";
  for (int i = 1; i < 32; ++i) names += ",DNS:a" + std::to_string(i);
  CHECK(read_named(names)->names.size() == 32);
  CHECK_FALSE(read_named(names + ",DNS:a32"));
  test::TestAuthority authority;
  auto bytes = der(parse(authority.issue_client("").certificate).get());
  CHECK(read_client_certificate(bytes));
  CHECK_FALSE(read_client_certificate(bytes + "x"));
  CHECK_FALSE(read_client_certificate(bytes.substr(1)));
  CHECK_FALSE(read_client_certificate(std::string_view()));
}

}  // namespace
}  // namespace tocsin::http
