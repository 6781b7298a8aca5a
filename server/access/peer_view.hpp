// What another instance is shown of this one: what was agreed with it, held against the rule that every reader is held
// against. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "server/access/directory.hpp"

namespace tocsin::access {

// What an agreement shares with a peer. Without one nothing is shared.
struct Sharing {
  stix::Tlp max_tlp = stix::Tlp::clear;  // RED is not shared, whatever this says
  std::vector<std::string> collections;  // ids or aliases
  std::vector<std::string> audiences;    // names: of the peer's memberships only those count
};

struct PeerView {
  store::ClassSet classes;
  // Of later rows than this one the directory did not know yet.
  store::RowId classes_through = 0;
  std::vector<std::pair<store::RowId, std::string>> collections;  // rows and aliases, by row; empty: nothing is shown
  // Another one when the peer may see something else in principle: in another collection, of a higher or lower level,
  // of another audience. What is stored, withdrawn or erased changes nothing about it. It tells nothing without `key`.
  core::Uuid terms{};
};

// `peer` is its organisation; one that is disabled, as that of a paused peer is, sees nothing.
[[nodiscard]] PeerView peer_view(Directory const& directory, store::RowId peer, std::optional<Sharing> const& sharing,
                                 core::Digest const& key);

// The classes that an agreement shares with a peer, in whichever state that is: for who asks what it may have read.
[[nodiscard]] store::ClassSet classes_shared(Directory const& directory, store::RowId peer, Sharing const& sharing);

}  // namespace tocsin::access
