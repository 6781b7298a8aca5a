// Secret keys of an instance as files. Main thread.
#pragma once

#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"
#include "server/app/instance.hpp"

namespace tocsin::app {

// 32 random bytes as hexadecimal digits.
[[nodiscard]] std::string make_secret_key();

struct AuditKey {
  log::SignerKey key;
  std::optional<std::string> instead_of;  // the public line of the key that is missing; nullopt: none is
};

// keys/audit.key, made when it is not there. Its name is the audit log's, the data log's with /audit: two logs of one
// name would contradict each other. It is a key of its own, so that the log's can be changed without the trail's
// checkpoints losing theirs. keys/audit.pub is its public line. When only that is there (a restored instance, a lost
// file), a new key is made instead, and what the old one left is kept under its number: keys/audit-NUMBER.pub and
// audit/checkpoints-NUMBER. Errors: io_failed, key_malformed.
[[nodiscard]] core::Result<AuditKey> audit_key(Layout const& layout, std::string const& origin);

// keys/freshness.key, which cosigns the checkpoints of both logs with the time, made when it is not there;
// keys/freshness.pub is its public line. Errors: io_failed, storage_full, key_malformed.
[[nodiscard]] core::Result<log::SignerKey> freshness_key(Layout const& layout, std::string const& origin);

}  // namespace tocsin::app
