// Peers over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include <functional>

#include "server/base/clock.hpp"
#include "server/store/peer_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Peers final : public PeerStore {
 public:
  Peers(Connection& connection, Audit& audit, base::Clock const& clock)
      : connection_(connection), audit_(audit), clock_(clock) {}

  core::Result<std::vector<Peer>> peers() override;
  core::Result<void> invite(PeerInvitation const& invitation, std::int64_t now_us) override;
  core::Result<void> add(Peer const& peer, PeerPins const& pins, PeerInvitation const& invitation,
                         std::int64_t now_us) override;
  core::Result<void> set_manifest(Peer const& peer, PeerPins const& pins, std::int64_t now_us) override;
  core::Result<void> set_state(std::string const& name, PeerState state, std::string const& reason,
                               std::int64_t now_us) override;
  core::Result<void> set_agreement(std::string const& name, AgreedWith const& agreed) override;

 private:
  // `work` in a transaction; what it breaks is a conflict with `taken`.
  core::Result<void> transact(std::string const& taken, std::function<core::Result<void>()> const& work);
  [[nodiscard]] core::Result<void> use(PeerInvitation const& invitation, std::int64_t now_us);
  [[nodiscard]] RowId organisation_for(Peer const& peer, std::int64_t now_us);
  [[nodiscard]] core::Result<void> check_return(Peer const& peer);
  void make_room_for(Peer const& peer);
  void set_pins(RowId organisation, PeerPins const& pins, std::int64_t now_us);
  [[nodiscard]] std::optional<RowId> organisation_of(std::string const& name);  // of a peer that is not removed
  // The row of where the peer's organisation speaks, made when it is new, and known to that organisation.
  RowId set_origin(RowId organisation);
  [[nodiscard]] core::Result<void> let_speak(std::string const& peer, RowId origin, std::string const& identity);
  void add_speaker(std::string const& peer, RowId origin, std::string const& identity);

  Connection& connection_;
  Audit& audit_;
  base::Clock const& clock_;
};

}  // namespace tocsin::store::sqlite
