#include "server/http/client_authority.hpp"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>

namespace tocsin::http {
namespace {

std::string to_pem(X509* certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free_all)> text(BIO_new(BIO_s_mem()), BIO_free_all);
  if (!text || PEM_write_bio_X509(text.get(), certificate) != 1) return {};
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(text.get(), &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

void PinnedAuthority::decide(SSL_CTX* context) { SSL_CTX_set_cert_verify_callback(context, verify, this); }

bool PinnedAuthority::is_it(X509* certificate) const {
  core::Digest digest{};
  unsigned size = 0;
  return X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1 && size == digest.size() &&
         std::ranges::equal(digest, digest_);
}

int PinnedAuthority::verify(X509_STORE_CTX* chain, void* self) {
  auto& pinned = *static_cast<PinnedAuthority*>(self);
  STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(chain);
  X509* authority = nullptr;
  for (int i = 0; i < sk_X509_num(sent); ++i)
    if (pinned.is_it(sk_X509_value(sent, i))) authority = sk_X509_value(sent, i);
  if (authority == nullptr) {
    X509_STORE_CTX_set_error(chain, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
    return 0;
  }
  std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> trusted(sk_X509_new_null(),
                                                                     [](STACK_OF(X509) * it) { sk_X509_free(it); });
  if (!trusted || sk_X509_push(trusted.get(), authority) <= 0) return 0;
  X509_STORE_CTX_set0_trusted_stack(chain, trusted.get());
  int const verdict = X509_verify_cert(chain);
  if (verdict == 1) pinned.certificate_ = to_pem(authority);
  return verdict == 1 ? 1 : 0;
}

}  // namespace tocsin::http
