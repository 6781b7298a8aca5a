// A server that is known by its public key: its own certificate carries one of some keys, and nothing else of it
// matters. Owned by Client, outlives the connections; one thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"

namespace tocsin::http {

class PinnedKeys {
 public:
  // SHA-256 of public key info in DER (RFC 5280 section 4.1.2.7).
  explicit PinnedKeys(std::vector<core::Digest> pins) : pins_(std::move(pins)) {}
  PinnedKeys(PinnedKeys const&) = delete;
  PinnedKeys& operator=(PinnedKeys const&) = delete;

  // Handshakes of the context's connections ask for one of the keys from now on, and not for authorities, names or
  // dates.
  void decide(SSL_CTX* context);

 private:
  static int verify(X509_STORE_CTX* chain, void* self);
  [[nodiscard]] bool is_pinned(X509* certificate) const;

  std::vector<core::Digest> const pins_;
};

}  // namespace tocsin::http
