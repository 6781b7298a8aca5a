// Proofs that the data log has a version, made of the tiles that the log is published as: some hundred hashes are read,
// however long the log is. Pure but for the source of tiles; any thread that may ask it.
#pragma once

#include <string>

#include "schema/core/result.hpp"
#include "schema/log/proof_file.hpp"
#include "schema/log/tile.hpp"
#include "server/store/indicator_store.hpp"

namespace tocsin::ledger {

// Under a signed checkpoint, whose tiles `tiles` answers with. Errors: unavailable while the entry is younger than the
// checkpoint; log_inconsistent, when entry, tiles and checkpoint do not agree; those of `tiles`.
[[nodiscard]] core::Result<log::ProofFile> prove(store::LoggedIndicator const& entry, std::string const& checkpoint,
                                                 log::TileSource const& tiles);

}  // namespace tocsin::ledger
