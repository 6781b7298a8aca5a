// Destroying what an organisation stored under an id, so that the log still verifies. Any thread but the commit thread.
#pragma once

#include "server/app/rotation.hpp"
#include "server/store/database.hpp"

namespace tocsin::app {

// On behalf of `by`: an entry of the control log, signed with the log's key, names the leaves. Errors: those of reading
// keys, of the store and of notes; then nothing was erased.
[[nodiscard]] core::Result<store::Erased> erase(Layout const& layout, store::Database& database, Perform const& perform,
                                                store::Erasure const& erasure, store::Actor const& by);

// Overwrites what the write-ahead log holds of earlier states, for ten seconds at most. False: something reads longer.
[[nodiscard]] bool empty_write_ahead_log(store::Database& database, Perform const& perform);

}  // namespace tocsin::app
