// What of an agreement stands in the database: its file's digest, organisations for those who speak at the peer, and
// with whom it is one party.
#include <nlohmann/json.hpp>

#include "server/store/sqlite/peers.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::string_view kIdentity = "identity--";

core::Result<void> taken(std::string const& identity, char const* whose) {
  return core::fail(core::Code::conflict, identity + whose, "", "Leave it out of `identities`.");
}

}  // namespace

RowId Peers::set_origin(RowId organisation) {
  connection_.prepare("INSERT OR IGNORE INTO origins (name) SELECT origin FROM peers WHERE organisation = ?")
      .start()
      .bind(organisation)
      .run();
  Statement row =
      connection_.prepare("SELECT o.origin FROM origins o JOIN peers p ON p.origin = o.name WHERE p.organisation = ?");
  if (!row.start().bind(organisation).step()) throw SqliteError(0, 0, "a peer without an origin");
  RowId const origin = row.integer(0);
  row.reset();
  connection_.prepare("UPDATE organisations SET origin = ? WHERE organisation = ?")
      .start()
      .bind(origin)
      .bind(organisation)
      .run();
  return origin;
}

// Whoever spoke at an instance that is no peer any more may speak at this one: it is the same organisation.
core::Result<void> Peers::let_speak(std::string const& peer, RowId origin, std::string const& identity) {
  Statement row = connection_.prepare(
      "SELECT s.organisation, s.origin, s.organisation IN (SELECT organisation FROM peers) OR EXISTS (SELECT 1 FROM "
      "origins o JOIN peers p ON p.origin = o.name WHERE o.origin = s.origin AND p.state <> 2) FROM organisations s "
      "WHERE s.identity = ?");
  if (!row.start().bind_text(identity).step()) {
    add_speaker(peer, origin, identity);
    return {};
  }
  RowId const organisation = row.integer(0), there = row.integer(1);
  bool const another = row.integer(2) != 0;
  row.reset();
  if (there == 0) return taken(identity, " is that of a member of this instance.");
  if (there == origin) return {};
  if (another) return taken(identity, " is one for which another peer speaks.");
  connection_.prepare("UPDATE organisations SET origin = ? WHERE organisation = ?")
      .start()
      .bind(origin)
      .bind(organisation)
      .run();
  return {};
}

// Eight digits tell those of one peer apart; where they do not, all of them do.
void Peers::add_speaker(std::string const& peer, RowId origin, std::string const& identity) {
  std::string const digits = identity.substr(kIdentity.size());
  std::string name = peer + "/" + digits.substr(0, 8);
  Statement known = connection_.prepare("SELECT 1 FROM organisations WHERE name = ?");
  if (known.start().bind_text(name).step()) name = peer + "/" + digits;
  known.reset();
  connection_
      .prepare(
          "INSERT INTO organisations (name, type, clearance, identity, authority, disabled, created, origin) "
          "VALUES (?, 'other', 0, ?, '', 1, ?, ?)")
      .start()
      .bind_text(name)
      .bind_text(identity)
      .bind(clock_.now_us())
      .bind(origin)
      .run();
  audit_.note("organisation.add",
              {{"organisation", name}, {"type", "other"}, {"clearance", "clear"}, {"identity", identity}});
}

core::Result<void> Peers::set_agreement(std::string const& name, AgreedWith const& agreed) {
  return transact("The agreement cannot change.", [&]() -> core::Result<void> {
    auto const organisation = organisation_of(name);
    if (!organisation)
      return core::fail(core::Code::not_found, "There is no peer of that name.", "", "`tocsind peer list` shows them.");
    Statement update = connection_.prepare("UPDATE peers SET agreement = ? WHERE organisation = ?");
    update.start();
    agreed.file ? update.bind_blob(core::view(*agreed.file)) : update.bind_null();
    update.bind(*organisation).run();
    connection_.prepare("UPDATE organisations SET party = ? WHERE organisation = ?")
        .start()
        .bind(agreed.party)
        .bind(*organisation)
        .run();
    RowId const origin = set_origin(*organisation);
    for (auto const& identity : agreed.identities)
      if (auto done = let_speak(name, origin, identity); !done) return done;
    nlohmann::json file;
    if (agreed.file) file = core::to_hex(core::view(*agreed.file));
    audit_.note("peer.agreement", {{"peer", name}, {"digest", std::move(file)}});
    return {};
  });
}

}  // namespace tocsin::store::sqlite
