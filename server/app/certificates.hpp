// Development certificates: an authority and a server certificate that pass strict checks (RFC 5280; OpenSSL's
// X509_V_FLAG_X509_STRICT). Synchronous; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::app {

// Both in PEM; the key in PKCS #8, unencrypted.
struct KeyAndCertificate {
  std::string key;
  std::string certificate;
};

// A self-signed authority "<name> development CA": ECDSA P-256, ten years from five minutes before `now_us`
// (microseconds since 1970), allowed to sign server certificates and nothing below them. Error: tls_failed.
[[nodiscard]] core::Result<KeyAndCertificate> make_authority(std::string_view name, std::int64_t now_us);

// SHA-256 (DER) of the authority that the chain of a PEM text ends with; nullopt when the last certificate is not
// self-signed. Error: tls_failed, when there is no certificate.
[[nodiscard]] core::Result<std::optional<core::Digest>> authority_in(std::string_view pem);

// SHA-256 of the public key info (DER) of the first certificate of a PEM text. Error: tls_failed, when there is none.
[[nodiscard]] core::Result<core::Digest> pin_of_certificate(std::string_view pem);

// A server certificate, followed by its authority's, for `host` (a DNS name or an IP address), localhost, 127.0.0.1 and
// ::1: ECDSA P-256, 365 days. Error: tls_failed, also when the host is neither.
[[nodiscard]] core::Result<KeyAndCertificate> make_server_certificate(KeyAndCertificate const& authority,
                                                                      std::string_view host, std::int64_t now_us);

// Makes both and writes ca.crt, ca.key, server.crt and server.key into `directory`; keys are 0600.
// Errors: directory_in_use when one of them exists (nothing is overwritten), tls_failed, storage_full, io_failed.
[[nodiscard]] core::Result<void> write_certificates(std::filesystem::path const& directory, std::string_view name,
                                                    std::string_view host, std::int64_t now_us);

// Whether the first certificate of a PEM text is for `host`, a DNS name or an IP address (RFC 6125: wildcards count,
// the common name does not). Error: tls_failed, when there is no certificate.
[[nodiscard]] core::Result<bool> is_certificate_of(std::string_view pem, std::string const& host);

}  // namespace tocsin::app
