// Recalling what was shared, with an entry of the control log that the log's key signs. Any thread but the commit
// thread, of whoever holds the directory's lock.
#pragma once

#include "schema/log/proofs.hpp"
#include "server/app/rotation.hpp"
#include "server/endpoints/context.hpp"
#include "server/ledger/recall_alarm.hpp"
#include "server/store/database.hpp"

namespace tocsin::app {

// `data`: the data log as it was at any time that had the object; the entry speaks after it. `announced`: who is
// told inside the transaction what it shows again. Errors: those of reading
// keys, of `may`, of the store and of notes; unavailable when it had not. Then nothing was done.
[[nodiscard]] core::Result<store::Recalled> recall(Layout const& layout, store::Database& database,
                                                   store::CommitListener const& announced, Perform const& perform,
                                                   log::Tree const& data, endpoints::Recalling const& what);

// No page is shown again that was made of what a peer's control log changed; of what it erased, memory and the
// write-ahead log hold nothing either.
void take_up(endpoints::Context& context, store::Database& database, store::AppliedControl const& applied);

// Sounds the alarm, if what was recalled until now is a reason. Any thread but the commit thread.
void count_recalled(endpoints::Context& context, store::Database& database, ledger::RecallAlarm& alarm);

// The public key of the control log. Errors: those of reading keys.
[[nodiscard]] core::Result<log::VerifierKey> control_key(Layout const& layout);

}  // namespace tocsin::app
