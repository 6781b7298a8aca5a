// From when until when certificates and revocation lists are good. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::app {

struct Validity {
  std::int64_t from_us = 0, until_us = 0;  // since 1970
};

// Of the first certificate of a PEM text. Error: tls_failed, when there is none.
[[nodiscard]] core::Result<Validity> validity_of_certificate(std::string_view pem);

// When the first of the revocation lists of a PEM text runs out (RFC 5280 section 5.1.2.5, nextUpdate). Error:
// tls_failed, when there is no list that says when.
[[nodiscard]] core::Result<std::int64_t> first_end_of_lists(std::string_view pem);

}  // namespace tocsin::app
