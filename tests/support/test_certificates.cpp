#include "tests/support/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace tocsin::test {
namespace {

template <class T, auto Free>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

void need(bool good) {
  if (!good) throw std::runtime_error("a test certificate could not be made");
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  need(key != nullptr);
  return key;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  Memory memory(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(memory.get(), certificate) == 1);
  return text_of(memory.get());
}

std::string pem(EVP_PKEY* key) {
  Memory memory(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(memory.get());
}

void extend(X509* certificate, X509* issuer, int kind, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  need(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate blank(EVP_PKEY* key, char const* name, long serial) {
  Certificate out(X509_new());
  constexpr long kDay = 86'400;
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), kDay);
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<unsigned char const*>(name), -1, -1, 0);
  return out;
}

}  // namespace

struct TestAuthority::Impl {
  long next_serial = 2;
  Key key = make_key();
  Certificate certificate = blank(key.get(), "test authority", 1);

  TestCertificate issue(char const* name, std::string const& names, std::string const& usage);
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  auto* own = impl_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(own, own, NID_subject_key_identifier, "hash");
  need(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const { return pem(impl_->certificate.get()); }

TestCertificate TestAuthority::issue(std::string const& names) const { return impl_->issue("test server", names, ""); }

TestCertificate TestAuthority::issue_client(std::string const& names, std::string const& usage) const {
  return impl_->issue("test client", names, usage);
}

TestCertificate TestAuthority::Impl::issue(char const* name, std::string const& names, std::string const& usage) {
  auto const own = make_key();
  long serial = next_serial++;
  auto const leaf = blank(own.get(), name, serial);
  auto* issuer = certificate.get();
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
  extend(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), issuer, NID_authority_key_identifier, "keyid");
  if (!usage.empty()) extend(leaf.get(), issuer, NID_ext_key_usage, usage);
  if (!names.empty()) extend(leaf.get(), issuer, NID_subject_alt_name, names);
  need(X509_sign(leaf.get(), key.get(), EVP_sha256()) > 0);
  return {pem(leaf.get()), pem(own.get()), serial};
}

std::string TestAuthority::revocation_list(std::initializer_list<long> serials, int hours) const {
  constexpr long kHour = 3'600;
  std::unique_ptr<X509_CRL, Freed<X509_CRL, X509_CRL_free>> list(X509_CRL_new());
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(impl_->certificate.get()));
  std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME, ASN1_TIME_free>> from(X509_gmtime_adj(nullptr, -24 * kHour)),
      to(X509_gmtime_adj(nullptr, hours * kHour));
  X509_CRL_set1_lastUpdate(list.get(), from.get());
  X509_CRL_set1_nextUpdate(list.get(), to.get());
  for (long serial : serials) {
    std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER, ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
    ASN1_INTEGER_set(number.get(), serial);
    auto* revoked = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(revoked, number.get());
    X509_REVOKED_set_revocationDate(revoked, from.get());
    need(X509_CRL_add0_revoked(list.get(), revoked) == 1);
  }
  need(X509_CRL_sign(list.get(), impl_->key.get(), EVP_sha256()) > 0);
  Memory memory(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509_CRL(memory.get(), list.get()) == 1);
  return text_of(memory.get());
}

}  // namespace tocsin::test
