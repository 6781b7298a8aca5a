// Which peer a log belongs to, and by which key it is signed. Pure but for what is in force; any thread.
#pragma once

#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "schema/log/manifest.hpp"
#include "server/federation/peering.hpp"
#include "server/store/leaf_store.hpp"

namespace tocsin::federation {

// The peer whose data log has this name. nullopt: there is none, or it was removed.
[[nodiscard]] std::optional<Peering::Shown> peer_with(Peering const& peering, std::string const& origin);
// The same, while it is let in.
[[nodiscard]] std::optional<Peering::Shown> active_peer_with(Peering const& peering, std::string const& origin);

// Both logs of an instance have one key, each under its name. Error: key_malformed, when the name makes none.
[[nodiscard]] core::Result<log::VerifierKey> key_of(log::Manifest const& manifest, store::LogName name);

// The first line of a checkpoint, which is the name of its log; nothing of it is believed yet.
[[nodiscard]] std::string origin_in(std::string const& note);

}  // namespace tocsin::federation
