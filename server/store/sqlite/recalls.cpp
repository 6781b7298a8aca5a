#include "server/store/sqlite/recalls.hpp"

#include <string>

namespace tocsin::store::sqlite {
namespace {

constexpr std::string_view kMade =
    "SELECT position, asserter, t.text, uuid, action, reason, leaves, made, deadline FROM recalls "
    "JOIN names t ON t.name = type ";

MadeRecall made_of(Statement const& row) {
  MadeRecall out;
  out.position = static_cast<std::uint64_t>(row.integer(0));
  out.asserter = row.integer(1);
  out.type = row.text(2);
  out.uuid = core::to_array<16>(row.text(3)).value();
  out.action = static_cast<log::RecallAction>(row.integer(4));
  out.reason = static_cast<log::RecallReason>(row.integer(5));
  out.leaves = static_cast<std::size_t>(row.integer(6));
  out.made_us = row.integer(7);
  out.deadline_us = row.integer(8);
  return out;
}

}  // namespace

Recalls::Recalls(Connection& connection)
    : connection_(connection),
      hold_(connection.prepare("INSERT OR IGNORE INTO recalled_publications VALUES (?, ?)")),
      held_(connection.prepare("SELECT collection FROM recalled_publications WHERE version = ? ORDER BY collection")),
      forget_(connection.prepare("DELETE FROM recalled_publications WHERE version = ?")),
      said_(connection.prepare("SELECT state, said FROM origin_recalls WHERE origin = ? AND position = ?")),
      say_(connection.prepare("INSERT OR REPLACE INTO origin_recalls VALUES (?, ?, ?, ?)")) {}

void Recalls::keep(MadeRecall const& made, RowId type) {
  Statement insert = connection_.prepare("INSERT INTO recalls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.start()
      .bind(static_cast<std::int64_t>(made.position))
      .bind(made.asserter)
      .bind(type)
      .bind_blob(core::view(made.uuid));
  insert.bind(static_cast<std::int64_t>(made.action))
      .bind(static_cast<std::int64_t>(made.reason))
      .bind(static_cast<std::int64_t>(made.leaves))
      .bind(made.made_us)
      .bind(made.deadline_us)
      .run();
}

std::optional<MadeRecall> Recalls::latest(RowId asserter, RowId type, core::Uuid const& uuid) {
  Statement look = connection_.prepare(std::string(kMade) +
                                       "WHERE asserter = ? AND type = ? AND uuid = ? ORDER BY position DESC LIMIT 1");
  if (!look.start().bind(asserter).bind(type).bind_blob(core::view(uuid)).step()) return std::nullopt;
  return made_of(look);
}

// The newest of a peer stays until the next, and for good when it was the first to cover a recall.
bool Recalls::keep(Receipt const& receipt) {
  Statement newest = connection_.prepare("SELECT size FROM receipts WHERE organisation = ? ORDER BY size DESC LIMIT 2");
  std::vector<std::int64_t> sizes;
  for (newest.start().bind(receipt.organisation); newest.step();) sizes.push_back(newest.integer(0));
  auto const size = static_cast<std::int64_t>(receipt.size);
  if (!sizes.empty() && sizes.front() >= size) return false;
  if (!sizes.empty()) {
    Statement drop = connection_.prepare(
        "DELETE FROM receipts WHERE organisation = ?1 AND size = ?2 AND NOT EXISTS "
        "(SELECT 1 FROM recalls WHERE position >= ?3 AND position < ?2)");
    drop.start().bind(receipt.organisation).bind(sizes.front()).bind(sizes.size() > 1 ? sizes[1] : 0).run();
  }
  Statement insert = connection_.prepare("INSERT INTO receipts VALUES (?, ?, ?, ?)");
  insert.start().bind(receipt.organisation).bind(size).bind_text(receipt.note).bind(receipt.received_us).run();
  return true;
}

void Recalls::forget_object(RowId asserter, RowId type, core::Uuid const& uuid) {
  Statement change =
      connection_.prepare("UPDATE recalls SET uuid = zeroblob(16) WHERE asserter = ? AND type = ? AND uuid = ?");
  change.start().bind(asserter).bind(type).bind_blob(core::view(uuid)).run();
}

void Recalls::hold(RowId version, RowId collection) { hold_.start().bind(version).bind(collection).run(); }

std::vector<RowId> Recalls::held(RowId version) {
  std::vector<RowId> out;
  for (held_.start().bind(version); held_.step();) out.push_back(held_.integer(0));
  held_.reset();
  return out;
}

void Recalls::forget(RowId version) { forget_.start().bind(version).run(); }

std::optional<Recalls::Said> Recalls::said(RowId origin, std::uint64_t index) {
  std::optional<Said> out;
  if (said_.start().bind(origin).bind(static_cast<std::int64_t>(index)).step())
    out = Said{static_cast<State>(said_.integer(0)), static_cast<std::uint64_t>(said_.integer(1))};
  said_.reset();
  return out;
}

void Recalls::say(RowId origin, std::uint64_t index, Said const& what) {
  say_.start().bind(origin).bind(static_cast<std::int64_t>(index)).bind(static_cast<std::int64_t>(what.state));
  say_.bind(static_cast<std::int64_t>(what.said_s)).run();
}

void Recalls::keep(RowId origin, ControlDelivery::Entry const& entry, std::string const& void_because,
                   std::int64_t now_us) {
  Statement insert = connection_.prepare(
      "INSERT INTO origin_control VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET void = coalesce(void, excluded.void), applied = excluded.applied");
  insert.start().bind(origin).bind(static_cast<std::int64_t>(entry.position)).bind_text(entry.op);
  void_because.empty() ? insert.bind_null() : insert.bind_text(void_because);
  insert.bind(now_us).run();
}

void Recalls::keep(RowId origin, log::OpenedEntry const& entry) {
  Statement insert = connection_.prepare("INSERT OR IGNORE INTO origin_control_entries VALUES (?, ?, ?, ?, ?, ?)");
  insert.start().bind(origin).bind(static_cast<std::int64_t>(entry.index)).bind_text(entry.header);
  insert.bind_blob(core::view(entry.header_salt)).bind_blob(core::view(entry.body_salt)).bind_text(entry.body).run();
}

core::Result<std::vector<MadeRecall>> RecallReads::recalls(std::optional<RowId> asserter, std::size_t most) {
  try {
    std::vector<MadeRecall> out;
    Statement rows =
        connection_.prepare(std::string(kMade) + "WHERE ?1 IS NULL OR asserter = ?1 ORDER BY position DESC LIMIT ?2");
    rows.start().bind(asserter).bind(static_cast<std::int64_t>(most));
    while (rows.step()) out.push_back(made_of(rows));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::optional<MadeRecall>> RecallReads::recall(std::uint64_t position) {
  try {
    std::optional<MadeRecall> out;
    Statement row = connection_.prepare(std::string(kMade) + "WHERE position = ?");
    if (row.start().bind(static_cast<std::int64_t>(position)).step()) out = made_of(row);
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Receipt>> RecallReads::receipts(std::uint64_t position, std::string const& which) {
  try {
    std::vector<Receipt> out;
    // Of rows that a minimum or a maximum groups, SQLite takes the other columns from the row that has it.
    Statement rows = connection_.prepare("SELECT organisation, " + which +
                                         "(size), note, received FROM receipts WHERE size > ? GROUP BY organisation");
    rows.start().bind(static_cast<std::int64_t>(position));
    while (rows.step())
      out.push_back(
          {rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)), std::string(rows.text(2)), rows.integer(3)});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<ControlEntry> RecallReads::control_entry(std::uint64_t position) {
  try {
    Statement row = connection_.prepare(
        "SELECT c.header, c.header_salt, c.body_salt, c.body, l.entry, l.leaf FROM control_entries c "
        "JOIN leaves l ON l.log = 1 AND l.position = c.position WHERE c.position = ?");
    if (!row.start().bind(static_cast<std::int64_t>(position)).step())
      return core::fail(core::Code::not_found, "The control log has no such entry.");
    auto const header_salt = core::to_array<32>(row.text(1)), body_salt = core::to_array<32>(row.text(2));
    auto const entry = core::to_array<33>(row.text(4));
    auto const leaf = core::to_array<32>(row.text(5));
    if (!header_salt || !body_salt || !entry || !leaf)
      return core::fail(core::Code::log_inconsistent, "An entry of the control log is damaged.");
    return ControlEntry{std::string(row.text(0)), *header_salt, *body_salt, std::string(row.text(3)), *entry, *leaf};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<log::OpenedEntry>> RecallReads::opened(std::string const& origin, std::uint64_t from,
                                                                std::uint64_t to) {
  try {
    std::vector<log::OpenedEntry> out;
    Statement rows = connection_.prepare(
        "SELECT position, header, header_salt, body_salt, body FROM origin_control_entries "
        "WHERE origin = (SELECT origin FROM origins WHERE name = ?1) AND position >= ?2 AND position < ?3 "
        "ORDER BY position");
    rows.start().bind_text(origin).bind(static_cast<std::int64_t>(from)).bind(static_cast<std::int64_t>(to));
    for (std::size_t bytes = 0; rows.step() && out.size() < log::kMostOpened;) {
      auto const header_salt = core::to_array<32>(rows.text(2)), body_salt = core::to_array<32>(rows.text(3));
      bytes += rows.text(1).size() + rows.text(4).size();
      bool const follows = static_cast<std::uint64_t>(rows.integer(0)) == from + out.size();
      if (!follows || !header_salt || !body_salt || (!out.empty() && bytes > log::kMostOpenedBytes / 2)) break;
      out.push_back(
          {from + out.size(), std::string(rows.text(1)), *header_salt, *body_salt, {}, std::string(rows.text(4))});
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
