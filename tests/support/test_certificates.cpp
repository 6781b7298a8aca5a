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
  Key key = make_key();
  Certificate certificate = blank(key.get(), "test authority", 1);
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  auto* own = impl_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_key_usage, "critical,keyCertSign");
  extend(own, own, NID_subject_key_identifier, "hash");
  need(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const { return pem(impl_->certificate.get()); }

TestCertificate TestAuthority::issue(std::string const& names) const {
  auto const key = make_key();
  auto const leaf = blank(key.get(), "test server", 2);
  auto* issuer = impl_->certificate.get();
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
  extend(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), issuer, NID_authority_key_identifier, "keyid");
  extend(leaf.get(), issuer, NID_subject_alt_name, names);
  need(X509_sign(leaf.get(), impl_->key.get(), EVP_sha256()) > 0);
  return {pem(leaf.get()), pem(key.get())};
}

}  // namespace tocsin::test
