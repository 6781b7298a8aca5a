#include "server/http/client_pins.hpp"

#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "schema/core/digest.hpp"

namespace tocsin::http {

void PinnedKeys::decide(SSL_CTX* context) { SSL_CTX_set_cert_verify_callback(context, verify, this); }

bool PinnedKeys::is_pinned(X509* certificate) const {
  unsigned char* der = nullptr;
  int const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return false;
  std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(der, [](unsigned char* it) { OPENSSL_free(it); });
  auto const pin = core::sha256({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
  return std::ranges::find(pins_, pin) != pins_.end();
}

int PinnedKeys::verify(X509_STORE_CTX* chain, void* self) {
  X509* own = X509_STORE_CTX_get0_cert(chain);
  bool const pinned = own != nullptr && static_cast<PinnedKeys*>(self)->is_pinned(own);
  X509_STORE_CTX_set_error(chain, pinned ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return pinned ? 1 : 0;
}

}  // namespace tocsin::http
