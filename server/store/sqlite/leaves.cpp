#include "server/store/sqlite/leaves.hpp"

#include "schema/log/commitment.hpp"

namespace tocsin::store::sqlite {
namespace {

// From rows of position, header, header_salt, body_salt and body.
void fill(Connection& connection, LogName log, std::string_view rows) {
  Statement stored = connection.prepare(rows);
  Statement keep = connection.prepare("UPDATE leaves SET entry = ? WHERE log = ? AND position = ?");
  while (stored.step()) {
    auto const header_salt = core::to_array<32>(stored.text(2)), body_salt = core::to_array<32>(stored.text(3));
    if (!header_salt || !body_salt) continue;  // damage, which `check` tells of
    auto const entry =
        log::entry(log::commit_header(*header_salt, stored.text(1)), log::commit_body(*body_salt, stored.text(4)));
    keep.start().bind_blob(core::view(entry)).bind(static_cast<std::int64_t>(log)).bind(stored.integer(0)).run();
  }
}

}  // namespace

LeafReads::LeafReads(Connection& connection)
    : connection_(connection),
      range_(connection.prepare("SELECT position, leaf, entry FROM leaves "
                                "WHERE log = ?1 AND position >= ?2 AND position < ?3 ORDER BY position")) {}

core::Result<void> LeafReads::each(LogName log, std::uint64_t first, std::uint64_t count,
                                   std::function<void(Statement const&)> const& take) {
  try {
    auto expected = static_cast<std::int64_t>(first);
    auto const end = expected + static_cast<std::int64_t>(count);
    range_.start().bind(static_cast<std::int64_t>(log)).bind(expected).bind(end);
    while (range_.step() && range_.integer(0) == expected) {
      take(range_);
      ++expected;
    }
    range_.reset();
    if (expected == end) return {};
    return core::fail(core::Code::log_inconsistent, "Leaf " + std::to_string(expected) + " of the log is missing.");
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::string> LeafReads::hashes(LogName log, std::uint64_t first, std::uint64_t count) {
  std::string out;
  auto read = each(log, first, count, [&](Statement const& row) { out += row.text(1); });
  if (!read) return std::unexpected(read.error());
  return out;
}

core::Result<std::vector<std::string>> LeafReads::entries(LogName log, std::uint64_t first, std::uint64_t count) {
  std::vector<std::string> out;
  bool lost = false;
  auto read = each(log, first, count, [&](Statement const& row) {
    lost = lost || row.is_null(2);
    out.emplace_back(row.text(2));
  });
  if (!read) return std::unexpected(read.error());
  if (!lost) return out;
  return core::fail(core::Code::not_found, "An entry among these was lost, or erased before entries were kept.", "",
                    "Verify the log by its tiles of hashes.");
}

void fill_entries(Connection& connection) {
  fill(connection, LogName::data,
       "SELECT origin_index, header, header_salt, body_salt, bytes FROM versions "
       "WHERE origin = 0 AND origin_index IS NOT NULL AND length(bytes) > 0");
  fill(connection, LogName::control, "SELECT position, header, header_salt, body_salt, body FROM control_entries");
}

}  // namespace tocsin::store::sqlite
