// Other instances that this one federates with, and invitations between them. Each change stands in the audit trail in
// the same transaction. Commit thread only, on the one writing connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// Stored, so their numbers never change. All but `active` disable the peer's organisation and its credentials.
enum class PeerState : std::uint8_t { active = 0, paused = 1, removed = 2, quarantined = 3 };

struct Peer {
  std::string name;      // unique; that of its organisation and of its agreement's file
  std::string root;      // verifier key of its manifests, for good
  std::string origin;    // of its data log
  std::string manifest;  // the newest that was accepted: a signed note
  std::uint64_t version = 0;
  PeerState state = PeerState::paused;
  std::string reason;
  std::int64_t since_us = 0;
  std::string fingerprint;                // words
  std::optional<core::Digest> agreement;  // of the agreement's file in force
  std::int64_t added_us = 0;
};

// What a peer shows itself with, and until when its manifest says so.
struct PeerPins {
  std::vector<core::Digest> keys;  // SHA-256 of public key info
  std::int64_t until_us = 0;
};

// What one instance signed so that another becomes its peer.
struct PeerInvitation {
  core::Uuid id{};
  core::Digest text{};  // SHA-256
  std::int64_t until_us = 0;
  bool own = true;  // made here; else the other side made it
};

// What is kept of an agreement in force: its file, for whom the peer speaks by it, and with whom it is one party.
struct AgreedWith {
  std::optional<core::Digest> file;     // nullopt: nothing is agreed
  std::vector<std::string> identities;  // in lower case
  RowId party = 0;                      // an organisation; 0: it is a party of its own
};

class PeerStore {
 public:
  virtual ~PeerStore() = default;

  [[nodiscard]] virtual core::Result<std::vector<Peer>> peers() = 0;  // by name

  // Forgets those that have run out. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> invite(PeerInvitation const& invitation, std::int64_t now_us) = 0;

  // Uses the invitation, and makes the peer with an organisation of its name, which has a credential of role peer for
  // each pin, as long as the manifest is good. A removed peer of that root or origin makes room; what was its
  // organisation is it again under the same name. Errors: conflict when the invitation is used, has run out or (an own
  // one) was not made here, when the name, root, origin or a pin is taken, the name by a removed peer of another root
  // too, or when a removed peer of that root had a newer manifest; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> add(Peer const& peer, PeerPins const& pins, PeerInvitation const& invitation,
                                               std::int64_t now_us) = 0;

  // A newer manifest: credentials follow its pins. Errors: not_found; conflict when a pin is taken, or the peer has
  // that version or a higher one by now; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> set_manifest(Peer const& peer, PeerPins const& pins,
                                                        std::int64_t now_us) = 0;

  // `removed` ends all its credentials for good. Errors: not_found, also of a removed peer; storage_full,
  // storage_failed.
  [[nodiscard]] virtual core::Result<void> set_state(std::string const& name, PeerState state,
                                                     std::string const& reason, std::int64_t now_us) = 0;

  // What is agreed from now on. Each identity that has no organisation gets one, which speaks at the peer: of type
  // other, disabled, NAME/ and the first 8 digits of the identity. Those of identities that are left out stay, for what
  // they said. Errors: not_found; conflict when an identity is a member's, or another peer speaks for it;
  // storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> set_agreement(std::string const& name, AgreedWith const& agreed) = 0;
};

}  // namespace tocsin::store
