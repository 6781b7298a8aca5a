// What a client's TLS certificate says of who presents it. A plain value, made by http from a certificate whose chain
// was verified, and matched by access; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"

namespace tocsin::base {

struct ClientCertificate {
  core::Digest pin{};              // SHA-256 of its SubjectPublicKeyInfo in DER
  std::vector<std::string> names;  // subjectAltName: "URI:…" as written, "DNS:…" in lower case; each once
  std::int64_t ends_us = 0;        // notAfter, in microseconds since 1970
};

}  // namespace tocsin::base
