// The authority of a server that is known by its digest alone: among the certificates that the server sends, the one
// with that SHA-256 is trusted, and nothing else. Owned by Client, outlives the connections; one thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "schema/core/bytes.hpp"

namespace tocsin::http {

class PinnedAuthority {
 public:
  // `digest`: SHA-256 of the certificate in DER.
  explicit PinnedAuthority(core::Digest const& digest) : digest_(digest) {}
  PinnedAuthority(PinnedAuthority const&) = delete;
  PinnedAuthority& operator=(PinnedAuthority const&) = delete;

  // Handshakes of the context's connections verify the server's chain (RFC 5280) against it from now on. What they
  // ask of the leaf besides, as its name, is asked as before.
  void decide(SSL_CTX* context);

  // In PEM, once a handshake has succeeded; "" before.
  [[nodiscard]] std::string const& certificate() const { return certificate_; }

 private:
  static int verify(X509_STORE_CTX* chain, void* self);
  [[nodiscard]] bool is_it(X509* certificate) const;

  core::Digest const digest_;
  std::string certificate_;
};

}  // namespace tocsin::http
