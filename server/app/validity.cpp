#include "server/app/validity.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>

#include "server/base/freer.hpp"

namespace tocsin::app {
namespace {

using base::Freer;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using List = std::unique_ptr<X509_CRL, Freer<X509_CRL_free>>;

std::unexpected<core::Error> refuse(char const* sentence) {
  ERR_clear_error();
  return core::fail(core::Code::tls_failed, sentence);
}

// Nobody is asked for a password.
int no_password(char*, int, int, void*) { return -1; }

std::optional<std::int64_t> microseconds(ASN1_TIME const* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return std::int64_t{::timegm(&parts)} * 1'000'000;
}

}  // namespace

core::Result<Validity> validity_of_certificate(std::string_view pem) {
  Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(text ? PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr) : nullptr);
  if (!certificate) return refuse("The certificate cannot be read.");
  auto from = microseconds(X509_get0_notBefore(certificate.get())),
       until = microseconds(X509_get0_notAfter(certificate.get()));
  if (!from || !until) return refuse("The validity of the certificate cannot be read.");
  return Validity{*from, *until};
}

core::Result<std::int64_t> first_end_of_lists(std::string_view pem) {
  Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::optional<std::int64_t> first;
  while (text) {
    List list(PEM_read_bio_X509_CRL(text.get(), nullptr, no_password, nullptr));
    if (!list) break;
    auto end = microseconds(X509_CRL_get0_nextUpdate(list.get()));
    if (end) first = std::min(first.value_or(*end), *end);
  }
  if (!first) return refuse("There is no revocation list that says when it ends.");
  ERR_clear_error();  // what told that there is no further list
  return *first;
}

}  // namespace tocsin::app
