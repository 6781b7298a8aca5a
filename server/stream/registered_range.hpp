// What an organisation may register as its own: an address range or the number of an autonomous system. A value type;
// one that exists is canonical. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "schema/core/result.hpp"
#include "server/access/networks.hpp"
#include "server/access/reserved.hpp"

namespace tocsin::stream {

using access::AsNumber;
using RegisteredRange = std::variant<access::Network, AsNumber>;

// "203.0.113.0/24", "2001:db8::/32", one address, or "AS64500" in either case. Error bad_parameter, with this pointer.
[[nodiscard]] core::Result<RegisteredRange> parse_range(std::string_view text, std::string const& pointer);

// The one text of a range: host bits zero, no /32 or /128, RFC 5952, AS and the number.
[[nodiscard]] std::string text_of(RegisteredRange const& range);

// Whether a range can be somebody's: it overlaps no private, loopback, link-local, shared, multicast, reserved or
// transition addresses, and is no reserved or private AS number (IANA's registries of special-purpose addresses and AS
// numbers). Documentation space (RFC 5737, 3849, 9637, 5398) can be, where `documentation` says so.
[[nodiscard]] core::Result<void> require_ownable(RegisteredRange const& range, bool documentation,
                                                 std::string const& pointer);

}  // namespace tocsin::stream
