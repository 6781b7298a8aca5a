// What was agreed with a peer, resolved to what is here: by it the door lets in what the peer's instance logged. Pure
// but for what is in force; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/admission/foreign.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {

// By the name of the origin's data log. nullopt: it is no active peer's, or nothing is taken from that peer. Neither
// the terms nor the directory change: who asks for each step lets in what is agreed then.
[[nodiscard]] std::optional<admission::ForeignTerms> foreign_terms(Peering const& peering,
                                                                   access::Directory const& directory,
                                                                   std::string const& origin);

// What a peer logged cannot wait for an analyst: it is let into no collection where it would have to (access::waits).
// Whoever at the peer published there before makes the whole peer known there. Error: origin_not_agreed.
[[nodiscard]] core::Result<void> check_waits_nowhere(admission::ForeignTerms const& terms,
                                                     access::Directory const& directory, std::string_view instance);

}  // namespace tocsin::federation
