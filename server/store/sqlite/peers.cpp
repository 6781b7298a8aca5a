#include "server/store/sqlite/peers.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/base/principal.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::array<char const*, 4> kStateActions{"peer.resume", "peer.pause", "peer.remove", "peer.quarantine"};

core::Result<void> no_peer() {
  return core::fail(core::Code::not_found, "There is no peer of that name.", "", "`tocsind peer list` shows them.");
}

core::Result<void> conflict(char const* sentence, char const* remedy) {
  return core::fail(core::Code::conflict, sentence, "", remedy);
}

std::string pin_text(core::Digest const& pin) { return "pin:" + core::to_hex(core::view(pin)); }

}  // namespace

core::Result<void> Peers::transact(std::string const& taken, std::function<core::Result<void>()> const& work) {
  try {
    Transaction transaction(connection_);
    if (auto done = work(); !done) return done;
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    if (error.is_constraint()) return core::fail(core::Code::conflict, taken);
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Peer>> Peers::peers() {
  try {
    std::vector<Peer> out;
    Statement rows = connection_.prepare(
        "SELECT name, root, origin, manifest, version, state, reason, since, fingerprint, agreement, added FROM peers "
        "ORDER BY name");
    while (rows.step()) {
      Peer peer{std::string(rows.text(0)),
                std::string(rows.text(1)),
                std::string(rows.text(2)),
                std::string(rows.text(3)),
                static_cast<std::uint64_t>(rows.integer(4)),
                static_cast<PeerState>(rows.integer(5)),
                std::string(rows.text(6)),
                rows.integer(7),
                std::string(rows.text(8)),
                std::nullopt,
                rows.integer(10)};
      if (!rows.is_null(9)) peer.agreement = core::to_array<32>(rows.text(9));
      out.push_back(std::move(peer));
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Peers::invite(PeerInvitation const& invitation, std::int64_t now_us) {
  return transact("There is an invitation of this id.", [&]() -> core::Result<void> {
    connection_.prepare("DELETE FROM peer_invitations WHERE until <= ?").start().bind(now_us).run();
    connection_.prepare("INSERT INTO peer_invitations (id, text, until) VALUES (?, ?, ?)")
        .start()
        .bind_blob(core::view(invitation.id))
        .bind_blob(core::view(invitation.text))
        .bind(invitation.until_us)
        .run();
    audit_.note("peer.invite", {{"invitation", core::to_text(invitation.id)}});
    return {};
  });
}

core::Result<void> Peers::use(PeerInvitation const& invitation, std::int64_t now_us) {
  Statement row = connection_.prepare("SELECT text, used, until FROM peer_invitations WHERE id = ?");
  bool const known = row.start().bind_blob(core::view(invitation.id)).step();
  if (known && (!row.is_null(1) || !invitation.own))
    return conflict("The invitation was used already.", "An invitation works once: make a new one.");
  if (invitation.own && (!known || row.text(0) != core::view(invitation.text)))
    return conflict("The invitation that is answered was not made here, or has run out.",
                    "Send the line to the instance that made the invitation, or make a new one: tocsind peer invite");
  // Of an own one, what the answer says of its end counts for nothing.
  if ((invitation.own ? row.integer(2) : invitation.until_us) <= now_us)
    return conflict("The invitation has run out.", "Ask for a new one, or make one: tocsind peer invite");
  row.reset();
  connection_.prepare("INSERT OR REPLACE INTO peer_invitations (id, text, until, used) VALUES (?, ?, ?, ?)")
      .start()
      .bind_blob(core::view(invitation.id))
      .bind_blob(core::view(invitation.text))
      .bind(invitation.until_us)
      .bind(now_us)
      .run();
  return {};
}

// Who comes back under the name or the root key of a removed peer is that peer, and shows no older manifest. Another
// one would be given what was the first one's: its organisation, audiences and agreement.
core::Result<void> Peers::check_return(Peer const& peer) {
  Statement left = connection_.prepare("SELECT root, version FROM peers WHERE state = 2 AND (name = ? OR root = ?)");
  for (left.start().bind_text(peer.name).bind_text(peer.root); left.step();) {
    if (left.text(0) != peer.root)
      return conflict("A peer of this name that was removed had another root key.", "Give another --name.");
    if (static_cast<std::uint64_t>(left.integer(1)) > peer.version)
      return conflict("The manifest is older than the one of this peer when it was removed.",
                      "Ask for the newest one.");
  }
  return {};
}

// A removed peer keeps its row, so that it is known who it was, until it is added again.
void Peers::make_room_for(Peer const& peer) {
  connection_.prepare("DELETE FROM peers WHERE state = 2 AND (name = ? OR root = ? OR origin = ?)")
      .start()
      .bind_text(peer.name)
      .bind_text(peer.root)
      .bind_text(peer.origin)
      .run();
}

// That of a peer of this name that was removed, or a new one: no peer's, no member's.
RowId Peers::organisation_for(Peer const& peer, std::int64_t now_us) {
  Statement left = connection_.prepare("SELECT organisation FROM peers WHERE name = ? AND state = 2");
  if (left.start().bind_text(peer.name).step()) {
    RowId const organisation = left.integer(0);
    left.reset();
    connection_.prepare("UPDATE organisations SET disabled = 0 WHERE organisation = ?")
        .start()
        .bind(organisation)
        .run();
    return organisation;
  }
  std::string const identity = "identity--" + core::to_text(core::random_uuid());
  connection_
      .prepare(
          "INSERT INTO organisations (name, type, clearance, identity, authority, disabled, created) "
          "VALUES (?, 'other', 0, ?, '', 0, ?)")
      .start()
      .bind_text(peer.name)
      .bind_text(identity)
      .bind(now_us)
      .run();
  return connection_.last_insert();
}

void Peers::set_pins(RowId organisation, PeerPins const& pins, std::int64_t now_us) {
  std::vector<std::string> wanted;
  for (auto const& pin : pins.keys) wanted.push_back(pin_text(pin));
  std::vector<std::string> there;
  Statement rows = connection_.prepare(
      "SELECT certificate FROM credentials WHERE organisation = ? AND certificate <> '' AND revoked IS NULL");
  for (rows.start().bind(organisation); rows.step();) there.emplace_back(rows.text(0));
  rows.reset();
  Statement revoke = connection_.prepare(
      "UPDATE credentials SET revoked = ? WHERE organisation = ? AND certificate = ? AND revoked IS NULL");
  for (auto const& pin : there)
    if (std::ranges::find(wanted, pin) == wanted.end())
      revoke.start().bind(now_us).bind(organisation).bind_text(pin).run();
  Statement insert = connection_.prepare(
      "INSERT INTO credentials (token_id, secret_digest, organisation, roles, label, dialect, created, certificate) "
      "VALUES (?, zeroblob(32), ?, ?, 'peer', 0, ?, ?)");
  Statement extend =
      connection_.prepare("UPDATE credentials SET expires = ? WHERE certificate = ? AND revoked IS NULL");
  for (auto const& pin : wanted) {
    if (std::ranges::find(there, pin) == there.end()) {
      core::Salt const random = core::random_salt();
      std::string const id = core::to_hex(core::view(random).substr(0, 8));
      insert.start().bind_text(id).bind(organisation).bind(std::int64_t{base::Roles{base::Role::peer}.bits()});
      insert.bind(now_us).bind_text(pin).run();
    }
    extend.start().bind(pins.until_us).bind_text(pin).run();
  }
}

core::Result<void> Peers::add(Peer const& peer, PeerPins const& pins, PeerInvitation const& invitation,
                              std::int64_t now_us) {
  return transact(
      "A peer or an organisation of this name, a peer of this root key or origin, or a credential of one of its pins "
      "exists already.",
      [&]() -> core::Result<void> {
        if (auto same = check_return(peer); !same) return same;
        if (auto used = use(invitation, now_us); !used) return used;
        RowId const organisation = organisation_for(peer, now_us);
        make_room_for(peer);
        connection_
            .prepare(
                "INSERT INTO peers (name, organisation, root, origin, manifest, version, state, reason, since, "
                "fingerprint, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .start()
            .bind_text(peer.name)
            .bind(organisation)
            .bind_text(peer.root)
            .bind_text(peer.origin)
            .bind_text(peer.manifest)
            .bind(static_cast<std::int64_t>(peer.version))
            .bind(static_cast<std::int64_t>(peer.state))
            .bind_text(peer.reason)
            .bind(now_us)
            .bind_text(peer.fingerprint)
            .bind(now_us)
            .run();
        set_origin(organisation);
        set_pins(organisation, pins, now_us);
        audit_.note("peer.add", {{"peer", peer.name},
                                 {"invitation", core::to_text(invitation.id)},
                                 {"origin", peer.origin},
                                 {"root", peer.root}});
        return {};
      });
}

std::optional<RowId> Peers::organisation_of(std::string const& name) {
  Statement row = connection_.prepare("SELECT organisation FROM peers WHERE name = ? AND state <> 2");
  if (!row.start().bind_text(name).step()) return std::nullopt;
  return row.integer(0);
}

core::Result<void> Peers::set_manifest(Peer const& peer, PeerPins const& pins, std::int64_t now_us) {
  return transact("Another credential has one of the manifest's pins.", [&]() -> core::Result<void> {
    auto const organisation = organisation_of(peer.name);
    if (!organisation) return no_peer();
    connection_.prepare("UPDATE peers SET manifest = ?, version = ? WHERE organisation = ? AND version < ?")
        .start()
        .bind_text(peer.manifest)
        .bind(static_cast<std::int64_t>(peer.version))
        .bind(*organisation)
        .bind(static_cast<std::int64_t>(peer.version))
        .run();
    if (connection_.changes() == 0)
      return conflict("The peer has a manifest of this version or a higher one by now.", "Ask for the newest one.");
    set_pins(*organisation, pins, now_us);
    audit_.note("peer.manifest", {{"peer", peer.name}, {"version", peer.version}});
    return {};
  });
}

core::Result<void> Peers::set_state(std::string const& name, PeerState state, std::string const& reason,
                                    std::int64_t now_us) {
  return transact("The peer's state cannot change.", [&]() -> core::Result<void> {
    auto const organisation = organisation_of(name);
    if (!organisation) return no_peer();
    connection_.prepare("UPDATE peers SET state = ?, reason = ?, since = ? WHERE organisation = ?")
        .start()
        .bind(static_cast<std::int64_t>(state))
        .bind_text(reason)
        .bind(now_us)
        .bind(*organisation)
        .run();
    if (state == PeerState::removed) {
      // Those that an administrator gave it too: the organisation is enabled again when the peer comes back.
      connection_.prepare("UPDATE credentials SET revoked = ? WHERE organisation = ? AND revoked IS NULL")
          .start()
          .bind(now_us)
          .bind(*organisation)
          .run();
      connection_.prepare("UPDATE organisations SET disabled = 1 WHERE organisation = ?")
          .start()
          .bind(*organisation)
          .run();
    }
    audit_.note(kStateActions[static_cast<std::size_t>(state)], {{"peer", name}, {"reason", reason}});
    return {};
  });
}

}  // namespace tocsin::store::sqlite
