// Secret keys of an instance as files. Main thread.
#pragma once

#include <string>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"
#include "server/app/instance.hpp"

namespace tocsin::app {

// 32 random bytes as hexadecimal digits.
[[nodiscard]] std::string make_secret_key();

// keys/audit.key, made when it is not there. Its name is the audit log's, the data log's with /audit: two logs of one
// name would contradict each other. It is a key of its own, so that the log's can be changed without the trail's
// checkpoints losing theirs. Errors: io_failed, key_malformed.
[[nodiscard]] core::Result<log::SignerKey> audit_key(Layout const& layout, std::string const& origin);

}  // namespace tocsin::app
