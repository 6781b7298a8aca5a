// Which client certificates a TLS context trusts: chains to the private authorities of two files, nothing of the
// system's. Used by the mutual TLS listener's contexts, and again while their connections live; any thread.
#pragma once

#include <openssl/ssl.h>

#include "schema/core/result.hpp"
#include "server/http/server.hpp"

namespace tocsin::http {

// Makes `context` ask for a certificate in the first handshake and end it without one. Trusted is a chain with at most
// two intermediates to an authority of the file, made for client authentication by its extended key usage (absent is
// not enough; RFC 5280 section 4.2.1.12), and on the revocation list of no authority of the chain. With a list file
// each authority of a chain needs a list that has not run out, else nobody is trusted. No session is resumed: a
// resumed one would not be verified. Error tls_failed; the sentence names the file.
[[nodiscard]] core::Result<void> require_clients(SSL_CTX* context, ClientFiles const& files);

// Whether `context` trusts a chain now: the same judgement as in its handshakes.
[[nodiscard]] bool is_trusted(SSL_CTX* context, X509* certificate, STACK_OF(X509) * intermediates);

}  // namespace tocsin::http
