// The transport over mutual TLS: who the peer is say the pins of its manifest, and where it lies its URL. Owned by who
// asks, one thread at a time; `stop` from any thread.
#pragma once

#include <memory>

#include "schema/log/manifest.hpp"
#include "server/federation/transport.hpp"
#include "server/http/client.hpp"

namespace tocsin::federation {

struct TransportOptions {
  http::ClientIdentity identity;   // this instance's
  bool private_addresses = false;  // whether peers may lie at addresses that are not of the public Internet
};

// Reads the identity's files when it first connects, and again after tls_failed. Errors besides those of Transport:
// bad_parameter (the manifest's URL).
[[nodiscard]] std::unique_ptr<Transport> http_transport(log::Manifest const& manifest, TransportOptions const& options);

}  // namespace tocsin::federation
