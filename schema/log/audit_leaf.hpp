// What the log of the audit trail holds of an entry: a commitment hidden by 32 fresh random bytes, so that leaves can
// be shown to anybody and entries to nobody else. Pure; any thread.
#pragma once

#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::log {

// SHA-256(0x00 || HMAC-SHA-256(key = "audit/entry/v1", salt || entry)): the leaf hash (RFC 6962 section 2.1) of the
// commitment. A salt is never used twice.
[[nodiscard]] core::Digest audit_leaf(core::Salt const& salt, std::string_view entry);

}  // namespace tocsin::log
