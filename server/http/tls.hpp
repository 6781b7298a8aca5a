// The server's side of TLS: contexts made from files, with the settings of a public service. Owned by Server; a reload
// swaps the whole context, and connections keep the one they began with. Any thread.
#pragma once

#include <memory>
#include <mutex>

#include "schema/core/result.hpp"
#include "server/http/server.hpp"

struct ssl_ctx_st;

namespace tocsin::http {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

// TLS 1.3 (1.2 with the six ECDHE suites of an AEAD by option), no renegotiation, no compression, no early data, two
// tickets, no default authorities. Errors: tls_failed; the sentence names the file.
[[nodiscard]] core::Result<TlsContext> make_tls_context(TlsFiles const& files);
// The same for the listener that requires client certificates: those of files.clients are trusted, and there are no
// tickets. Errors: tls_failed.
[[nodiscard]] core::Result<TlsContext> make_mutual_tls_context(TlsFiles const& files);

// The context for the next handshake.
class TlsSlot {
 public:
  void set(TlsContext context) {
    std::lock_guard lock(mutex_);
    context_.swap(context);
  }
  [[nodiscard]] TlsContext get() const {
    std::lock_guard lock(mutex_);
    return context_;
  }

 private:
  mutable std::mutex mutex_;
  TlsContext context_;
};

}  // namespace tocsin::http
