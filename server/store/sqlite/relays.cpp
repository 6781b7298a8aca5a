#include "server/store/sqlite/relays.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"

namespace tocsin::store::sqlite {

core::Result<void> Relays::keep_control(RowId origin, std::span<log::OpenedEntry const> entries) {
  try {
    Transaction transaction(connection_);
    Statement insert = connection_.prepare("INSERT OR IGNORE INTO origin_control_openings VALUES (?, ?, ?, ?, ?, ?)");
    for (auto const& entry : entries) {
      insert.start().bind(origin).bind(static_cast<std::int64_t>(entry.index)).bind_text(entry.header);
      insert.bind_blob(core::view(entry.header_salt)).bind_blob(core::view(entry.body_salt)).bind_blob(entry.body);
      insert.run();
    }
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<bool> Relays::keep(Misrelayed const& entry) {
  try {
    Transaction transaction(connection_);
    connection_
        .prepare(
            "INSERT OR IGNORE INTO misrelayed SELECT ?1, ?2, ?3, ?4, ?5 "
            "WHERE (SELECT count(*) FROM misrelayed WHERE relay = ?1) < ?6 AND NOT EXISTS (SELECT 1 FROM "
            "origin_recalls r "
            "JOIN origins o USING (origin) WHERE o.name = ?2 AND r.position = ?3 AND r.state = 3)")
        .start()
        .bind_text(entry.relay)
        .bind_text(entry.origin)
        .bind(static_cast<std::int64_t>(entry.index))
        .bind_text(entry.text)
        .bind(entry.found_us)
        .bind(static_cast<std::int64_t>(kMostMisrelayed))
        .run();
    if (connection_.changes() == 0) return false;
    audit_.note("peer.misrelayed", {{"peer", entry.relay}, {"origin", entry.origin}, {"position", entry.index}});
    transaction.commit();
    return true;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Relays::keep(RowId origin, Dependent const& dependent) {
  try {
    connection_
        .prepare(
            "INSERT INTO dependents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "applied = max(applied, excluded.applied), said = iif(excluded.said = '', said, excluded.said)")
        .start()
        .bind(origin)
        .bind_text(dependent.log)
        .bind(static_cast<std::int64_t>(dependent.applied))
        .bind_text(dependent.said)
        .run();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Dependent>> Relays::dependents(RowId origin) {
  try {
    std::vector<Dependent> out;
    Statement rows = connection_.prepare("SELECT log, applied, said FROM dependents WHERE origin = ? ORDER BY log");
    for (rows.start().bind(origin); rows.step();)
      out.push_back(
          {std::string(rows.text(0)), static_cast<std::uint64_t>(rows.integer(1)), std::string(rows.text(2))});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
