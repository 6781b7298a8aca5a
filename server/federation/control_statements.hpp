// What an opened entry of a peer's control log asks for. Pure; any thread.
#pragma once

#include <string>

#include "schema/core/result.hpp"
#include "schema/log/control.hpp"
#include "schema/log/openings.hpp"
#include "server/store/recall_store.hpp"

namespace tocsin::federation {

struct ControlStatement {
  log::Checkpoint data;  // the data log of the origin when this was said
  store::ControlDelivery::Entry entry;
};

// The statement must be signed by the key that it names, of the name of the origin's log; a declaration of loss by
// `root`. That a key is the origin's own is what the log says, whose checkpoint with this entry the manifest's key
// signed. Void is what names entries that the data log did not have, and what this version does not know. Error:
// openings_malformed.
[[nodiscard]] core::Result<ControlStatement> read_control(log::OpenedEntry const& opened, std::string const& origin,
                                                          log::VerifierKey const& root);

}  // namespace tocsin::federation
