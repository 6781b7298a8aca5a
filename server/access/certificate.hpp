// What a credential asks of a client certificate: one exact name of it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/client_certificate.hpp"

namespace tocsin::access {

// "pin:" and 64 hexadecimal digits: the form in which a pin is stored and compared.
[[nodiscard]] std::string pin_name(core::Digest const& pin);

// 64 hexadecimal digits of either case, or base64. Error bad_parameter.
[[nodiscard]] core::Result<core::Digest> parse_pin(std::string_view text);

// "pin:…" (as parse_pin takes it), "URI:…" or "DNS:…", brought to the form in which it is stored and compared: the pin
// in lower-case hexadecimal, the DNS name in lower case and without wildcards, the URI as written. Error bad_parameter.
[[nodiscard]] core::Result<std::string> parse_certificate_name(std::string_view text);

// Every name by which a credential may ask for this certificate, the pin first.
[[nodiscard]] std::vector<std::string> names_of(base::ClientCertificate const& certificate);

}  // namespace tocsin::access
