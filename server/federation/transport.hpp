// How a peer is asked: what its instance serves at the URL of its manifest, over TLS with a server key that the
// manifest pins. Blocking, bounded in time and bytes; no redirects. Owned by who asks, one thread at a time; `stop`
// from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "schema/core/result.hpp"

namespace tocsin::federation {

struct PeerAnswer {
  int status = 0;
  std::string body;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // `target` begins with '/'. Errors: tls_failed, io_failed (also an answer of more than `most_bytes`),
  // request_timeout, unavailable once stopped.
  [[nodiscard]] virtual core::Result<PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                                                     std::chrono::milliseconds timeout) = 0;
  [[nodiscard]] virtual core::Result<PeerAnswer> post(std::string const& target, std::string const& content_type,
                                                      std::string const& body, std::size_t most_bytes,
                                                      std::chrono::milliseconds timeout) = 0;

  // What is under way ends soon, and all that follows fails.
  virtual void stop() = 0;

  // Who gave the latest answer in the peer's place: another peer's name, or "" for the peer itself.
  [[nodiscard]] virtual std::string relay() const { return {}; }
};

}  // namespace tocsin::federation
