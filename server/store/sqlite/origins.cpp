#include "server/store/sqlite/origins.hpp"

#include <algorithm>

#include "schema/log/tile.hpp"
#include "server/store/sqlite/origin_heads.hpp"
#include "server/store/sqlite/origin_numberings.hpp"
#include "server/store/sqlite/tables.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::size_t kHash = 32;

// Of columns size, applied, range, checkpoint and verified, from `at` on.
OriginLog log_in(Statement const& row, int at) {
  if (row.is_null(at)) return {};
  return {static_cast<std::uint64_t>(row.integer(at)), static_cast<std::uint64_t>(row.integer(at + 1)),
          std::string(row.text(at + 2)), std::string(row.text(at + 3)), row.integer(at + 4)};
}

std::string origins_with(std::string const& rest) {
  return "SELECT o.origin, o.name, o.terms, d.size, d.applied, d.range, d.checkpoint, d.verified, "
         "c.size, c.applied, c.range, c.checkpoint, c.verified, "
         "(SELECT count(*) FROM (SELECT 1 FROM origin_refusals r WHERE r.origin = o.origin LIMIT " +
         std::to_string(kMostRefusedCounted) +
         ")) FROM origins o "
         "LEFT JOIN origin_logs d ON d.origin = o.origin AND d.log = 0 "
         "LEFT JOIN origin_logs c ON c.origin = o.origin AND c.log = 1 " +
         rest;
}

Origin origin_in(Statement const& row) {
  Origin out{row.integer(0), std::string(row.text(1)), std::nullopt,
             log_in(row, 3), log_in(row, 8),           static_cast<std::uint64_t>(row.integer(13))};
  if (!row.is_null(2)) out.terms = core::to_array<16>(row.text(2));
  return out;
}

}  // namespace

core::Result<std::vector<Origin>> Origins::origins() {
  return all<Origin>(connection_, origins_with("ORDER BY o.origin"), origin_in);
}

core::Result<std::optional<Origin>> Origins::origin(std::string const& name) {
  try {
    Statement row = connection_.prepare(origins_with("WHERE o.name = ?"));
    return row.start().bind_text(name).step() ? std::optional(origin_in(row)) : std::nullopt;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<RowId> Origins::follow(std::string const& name) {
  try {
    Transaction transaction(connection_);
    connection_.prepare("INSERT OR IGNORE INTO origins (name) VALUES (?)").start().bind_text(name).run();
    Statement look = connection_.prepare("SELECT origin FROM origins WHERE name = ?");
    if (!look.start().bind_text(name).step()) throw SqliteError(0, 0, "an origin that is not there once it was added");
    RowId const row = look.integer(0);
    look.reset();
    transaction.commit();
    return row;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Origins::verified(RowId origin, LogName name, OriginLog const& log, std::string_view hashes) {
  try {
    Transaction transaction(connection_);
    Statement look = connection_.prepare("SELECT size FROM origin_logs WHERE origin = ? AND log = ?");
    std::uint64_t size = 0;
    if (look.start().bind(origin).bind(static_cast<std::int64_t>(name)).step())
      size = static_cast<std::uint64_t>(look.integer(0));
    look.reset();
    if (log.size < size || hashes.size() % kHash != 0 || hashes.size() / kHash != log.size - size)
      return core::fail(core::Code::log_inconsistent,
                        "The hashes are not those of the leaves behind what was verified before.");
    append(origin, name, size, hashes);
    connection_
        .prepare(
            "INSERT INTO origin_logs VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET size = excluded.size, "
            "range = excluded.range, checkpoint = excluded.checkpoint, verified = excluded.verified")
        .start()
        .bind(origin)
        .bind(static_cast<std::int64_t>(name))
        .bind(static_cast<std::int64_t>(log.size))
        .bind_blob(log.range)
        .bind_text(log.checkpoint)
        .bind(log.verified_us)
        .run();
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

// The last tile, when it is partial, is written again with what comes.
void Origins::append(RowId origin, LogName name, std::uint64_t size, std::string_view hashes) {
  Statement write = connection_.prepare("INSERT OR REPLACE INTO origin_tiles VALUES (?, ?, ?, ?)");
  std::uint64_t index = size / log::kTileWidth;
  std::string begun = size % log::kTileWidth == 0 ? std::string() : tile(origin, name, index);
  if (begun.size() != size % log::kTileWidth * kHash)
    throw SqliteError(0, 0, "a tile is not as long as what was verified");
  while (!hashes.empty()) {
    auto const taken = std::min(log::kTileWidth * kHash - begun.size(), hashes.size());
    begun.append(hashes.substr(0, taken));
    hashes.remove_prefix(taken);
    write.start().bind(origin).bind(static_cast<std::int64_t>(name)).bind(static_cast<std::int64_t>(index++));
    write.bind_blob(begun).run();
    begun.clear();
  }
}

std::string Origins::tile(RowId origin, LogName name, std::uint64_t index) {
  Statement read = connection_.prepare("SELECT hashes FROM origin_tiles WHERE origin = ? AND log = ? AND tile = ?");
  read.start().bind(origin).bind(static_cast<std::int64_t>(name)).bind(static_cast<std::int64_t>(index));
  return read.step() ? std::string(read.text(0)) : std::string();
}

core::Result<void> Origins::begin_again(RowId origin) {
  try {
    Transaction transaction(connection_);
    connection_.prepare("UPDATE origin_logs SET applied = 0 WHERE origin = ? AND log = 0").start().bind(origin).run();
    connection_.prepare("UPDATE origins SET terms = NULL WHERE origin = ?").start().bind(origin).run();
    OriginNumberings(connection_, origin).begin_again();
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<Completeness> Origins::completeness(RowId origin, std::int64_t now_us) {
  try {
    return OriginNumberings(connection_, origin).completeness(now_us);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<core::Salt>> Origins::opened_heads(RowId origin, std::size_t most) {
  try {
    return OriginHeads(connection_, origin).opened(most);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<HeadVerdict>> Origins::compare_heads(RowId origin, std::vector<ShownHead> const& heads) {
  try {
    Transaction transaction(connection_);
    OriginHeads here(connection_, origin);
    std::vector<HeadVerdict> out;
    for (auto const& head : heads) out.push_back(here.compare(head));
    transaction.commit();
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::string> Origins::hashes(RowId origin, LogName name, std::uint64_t first, std::uint64_t count) {
  try {
    std::string out;
    std::uint64_t const end = first + count;
    for (std::uint64_t at = first; at < end; at = (at / log::kTileWidth + 1) * log::kTileWidth) {
      std::uint64_t const index = at / log::kTileWidth, last = std::min(end, (index + 1) * log::kTileWidth);
      std::string const there = tile(origin, name, index);
      if (there.size() / kHash < last - index * log::kTileWidth)
        return core::fail(core::Code::log_inconsistent, "A leaf between " + std::to_string(at) + " and " +
                                                            std::to_string(last) +
                                                            " of the other instance's log was not verified here.");
      out.append(there, at % log::kTileWidth * kHash, (last - at) * kHash);
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
