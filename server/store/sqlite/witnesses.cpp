#include "server/store/sqlite/witnesses.hpp"

#include <nlohmann/json.hpp>

#include "server/store/peer_store.hpp"

namespace tocsin::store::sqlite {

bool Witnesses::keep(std::string const& peer, KeptEvidence const& evidence) {
  connection_
      .prepare("INSERT OR IGNORE INTO evidence (peer, origin, kind, said, text, found) VALUES (?, ?, ?, ?, ?, ?)")
      .start()
      .bind_text(peer)
      .bind_text(evidence.origin)
      .bind_text(evidence.one_size ? "forked" : "rewritten")
      .bind_blob(core::view(evidence.said))
      .bind_text(evidence.text)
      .bind(evidence.found_us)
      .run();
  return connection_.changes() != 0;
}

core::Result<bool> Witnesses::quarantine(std::string const& peer, KeptEvidence const& evidence,
                                         std::string const& reason) {
  try {
    Transaction transaction(connection_);
    if (!keep(peer, evidence)) return false;
    connection_.prepare("UPDATE peers SET state = ?, reason = ?, since = ? WHERE name = ? AND state <> ?")
        .start()
        .bind(static_cast<std::int64_t>(PeerState::quarantined))
        .bind_text(reason)
        .bind(evidence.found_us)
        .bind_text(peer)
        .bind(static_cast<std::int64_t>(PeerState::removed))
        .run();
    if (connection_.changes() == 0)
      return core::fail(core::Code::not_found, "There is no peer of that name.", "", "`tocsind peer list` shows them.");
    audit_.note("peer.quarantine", {{"peer", peer}, {"reason", reason}});
    transaction.commit();
    return true;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<KeptEvidence>> Witnesses::evidence(std::string const& peer) {
  try {
    std::vector<KeptEvidence> out;
    Statement rows = connection_.prepare(
        "SELECT origin, kind, said, text, found FROM evidence WHERE peer = ?1 "
        "UNION ALL SELECT origin, 'misrelayed', NULL, text, found FROM misrelayed WHERE relay = ?1 "
        "ORDER BY found");
    for (rows.start().bind_text(peer); rows.step();)
      out.push_back({std::string(rows.text(0)), rows.text(1) == "forked",
                     core::to_array<32>(rows.text(2)).value_or(core::Digest{}), std::string(rows.text(3)),
                     rows.integer(4)});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Witnesses::witnessed(Witnessed const& witnessed) {
  try {
    connection_
        .prepare(
            "INSERT INTO witnessed (origin, key, size, time) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (origin, key) DO "
            "UPDATE SET size = ?3, time = ?4 WHERE size < ?3 OR (size = ?3 AND time < ?4)")
        .start()
        .bind_text(witnessed.origin)
        .bind_text(witnessed.key)
        .bind(static_cast<std::int64_t>(witnessed.size))
        .bind(static_cast<std::int64_t>(witnessed.time_s))
        .run();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Witnessed>> Witnesses::witnessed() {
  try {
    std::vector<Witnessed> out;
    Statement rows = connection_.prepare("SELECT origin, key, size, time FROM witnessed ORDER BY origin, key");
    while (rows.step())
      out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), static_cast<std::uint64_t>(rows.integer(2)),
                     static_cast<std::uint64_t>(rows.integer(3))});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::string> Witnesses::cosigned(std::string const& origin) {
  try {
    Statement row = connection_.prepare("SELECT note FROM cosigned WHERE origin = ?");
    if (!row.start().bind_text(origin).step()) return std::string();
    return std::string(row.text(0));
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Witnesses::cosigned(std::string const& origin, std::string const& note) {
  try {
    connection_.prepare("INSERT OR REPLACE INTO cosigned (origin, note) VALUES (?, ?)")
        .start()
        .bind_text(origin)
        .bind_text(note)
        .run();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
