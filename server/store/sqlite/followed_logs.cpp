// What is stored of other instances' logs, for those who re-derive it: a part of Logs.
#include "server/store/sqlite/logs.hpp"
#include "server/store/sqlite/tables.hpp"

namespace tocsin::store::sqlite {

bool Logs::has_table(char const* name) {
  Statement row = connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name = ?");
  return row.start().bind_text(name).step();
}

core::Result<std::vector<FollowedLog>> Logs::followed() {
  try {
    if (!has_table("origin_tiles")) return std::vector<FollowedLog>();
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
  return all<FollowedLog>(
      *connection_,
      "SELECT origin, log, name, size, range, checkpoint FROM origin_logs JOIN origins USING (origin) ORDER BY 1, 2",
      [](Statement& row) {
        return FollowedLog{row.integer(0),           static_cast<LogName>(row.integer(1)),
                           std::string(row.text(2)), static_cast<std::uint64_t>(row.integer(3)),
                           std::string(row.text(4)), std::string(row.text(5))};
      });
}

core::Result<void> Logs::visit_tiles(FollowedLog const& log,
                                     std::function<bool(std::uint64_t, std::string_view)> visitor) {
  try {
    Statement tiles =
        connection_->prepare("SELECT tile, hashes FROM origin_tiles WHERE origin = ? AND log = ? ORDER BY tile");
    tiles.start().bind(log.origin).bind(static_cast<std::int64_t>(log.log));
    while (tiles.step())
      if (!visitor(static_cast<std::uint64_t>(tiles.integer(0)), tiles.text(1))) return {};
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Logs::visit_followed(std::function<bool(FollowedVersion const&)> visitor) {
  try {
    if (!has_table("origin_tiles")) return {};
    Statement rows = connection_->prepare(
        "SELECT coalesce(o.name, ''), v.origin_index, v.class_sequence, v.header, v.header_salt, v.body_salt, v.bytes, "
        "v.digest, substr(t.hashes, v.origin_index % 256 * 32 + 1, 32) FROM versions v "
        "LEFT JOIN origins o ON o.origin = v.origin LEFT JOIN origin_tiles t ON t.origin = v.origin AND t.log = 0 "
        "AND t.tile = v.origin_index / 256 WHERE v.origin > 0 AND v.origin_index IS NOT NULL "
        "ORDER BY v.origin, v.origin_index");
    while (rows.step()) {
      FollowedVersion const row{rows.text(0),
                                static_cast<std::uint64_t>(rows.integer(1)),
                                static_cast<std::uint64_t>(rows.integer(2)),
                                rows.text(3),
                                rows.text(4),
                                rows.text(5),
                                rows.text(6),
                                rows.text(7),
                                rows.text(8)};
      if (!visitor(row)) return {};
    }
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Logs::visit_heads(std::function<bool(FollowedHead const&)> visitor) {
  try {
    if (!has_table("origin_heads")) return {};
    Statement rows = connection_->prepare(
        "SELECT coalesce(o.name, ''), h.rank, h.position, h.token, h.salt, h.opening, "
        "substr(t.hashes, h.position % 256 * 32 + 1, 32), coalesce(n.head, 0), coalesce(n.headed, 0) "
        "FROM origin_heads h LEFT JOIN origins o ON o.origin = h.origin LEFT JOIN origin_tiles t "
        "ON t.origin = h.origin AND t.log = 0 AND t.tile = h.position / 256 "
        "LEFT JOIN origin_numberings n ON n.origin = h.origin AND n.token = h.token "
        "ORDER BY h.origin, h.token, h.position");
    while (rows.step()) {
      FollowedHead const row{rows.text(0),
                             static_cast<std::uint64_t>(rows.integer(1)),
                             static_cast<std::uint64_t>(rows.integer(2)),
                             rows.text(3),
                             rows.text(4),
                             rows.text(5),
                             rows.text(6),
                             static_cast<std::uint64_t>(rows.integer(7)),
                             static_cast<std::uint64_t>(rows.integer(8))};
      if (!visitor(row)) return {};
    }
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
