// New keys in place of old ones. Blocking; any thread but the commit thread, for whoever holds the directory's lock.
#pragma once

#include <functional>
#include <string>

#include "server/app/instance.hpp"

namespace tocsin::app {

// The public keys, in their text form.
struct ChangedKey {
  std::string old_key, new_key;
};
using Perform = std::function<void(std::function<void()>)>;  // runs a job on the commit thread, and waits for it

// Makes a new key for the log. Both keys sign the change, which is an entry of the control log; the old public key is
// kept in keys/log-NUMBER.pub. The trail says that `by` did it. Errors: those of reading keys, of the store and of
// files. The old key stays unless the entry is stored.
[[nodiscard]] core::Result<ChangedKey> rotate_log_key(Layout const& layout, store::Database& database,
                                                      Perform const& perform, store::Actor const& by);

// Ends a change of the log's key that was interrupted: the new key takes its place when the control log names it, else
// it is forgotten. Errors: as rotate_log_key.
[[nodiscard]] core::Result<void> settle_log_key(Layout const& layout, store::Database& database);

// A new key and certificate from the development authority in certs/, both in one step, whatever else is in that folder
// staying. Errors: not_found when the authority's key is not there or the instance uses other files; tls_failed,
// storage_full, io_failed; then nothing changed.
[[nodiscard]] core::Result<void> rotate_certificate(Layout const& layout, base::Config const& config);

}  // namespace tocsin::app
