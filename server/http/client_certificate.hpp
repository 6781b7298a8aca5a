// Reads what identifies a client in its certificate: the key and the alternative names, never the subject. Pure; any
// thread.
#pragma once

#include <string_view>

#include "schema/core/result.hpp"
#include "server/base/client_certificate.hpp"

struct x509_st;

namespace tocsin::http {

// RFC 5280 section 4.2.1.6; names other than URI and DNS are left out. Error tls_failed: more than one subjectAltName
// extension or a broken one, more than 32 names, or a URI or DNS name that is empty, longer than 512 bytes, or holds
// bytes outside 0x21–0x7E (a NUL, say): such a certificate is nobody's. Its chain was verified elsewhere.
[[nodiscard]] core::Result<base::ClientCertificate> read_client_certificate(x509_st const& certificate);
// The same for a DER encoding; trailing bytes are an error.
[[nodiscard]] core::Result<base::ClientCertificate> read_client_certificate(std::string_view der);

}  // namespace tocsin::http
