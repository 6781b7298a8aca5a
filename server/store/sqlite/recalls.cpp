#include "server/store/sqlite/recalls.hpp"

#include <set>
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

std::optional<MadeRecall> latest_in(Connection& connection, RowId asserter, RowId type, core::Uuid const& uuid) {
  Statement look = connection.prepare(std::string(kMade) +
                                      "WHERE asserter = ? AND type = ? AND uuid = ? ORDER BY position DESC LIMIT 1");
  if (!look.start().bind(asserter).bind(type).bind_blob(core::view(uuid)).step()) return std::nullopt;
  return made_of(look);
}

}  // namespace

Recalls::Recalls(Connection& connection)
    : connection_(connection),
      hold_(connection.prepare("INSERT OR IGNORE INTO recalled_publications VALUES (?, ?)")),
      held_(connection.prepare("SELECT collection FROM recalled_publications WHERE version = ? ORDER BY collection")),
      forget_(connection.prepare("DELETE FROM recalled_publications WHERE version = ?")),
      said_(connection.prepare("SELECT state, said FROM origin_recalls WHERE origin = ? AND position = ?")),
      say_(connection.prepare("INSERT OR REPLACE INTO origin_recalls VALUES (?, ?, ?, ?)")) {}

void Recalls::keep(MadeRecall const& made, RowId type, std::size_t ended) {
  Statement insert = connection_.prepare("INSERT INTO recalls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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
      .bind(static_cast<std::int64_t>(ended))
      .run();
}

std::optional<MadeRecall> Recalls::latest(RowId asserter, RowId type, core::Uuid const& uuid) {
  return latest_in(connection_, asserter, type, uuid);
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

void Recalls::keep(SaidOfDependents const& said) {
  Statement replace = connection_.prepare("INSERT OR REPLACE INTO said_of_dependents VALUES (?, ?, ?)");
  replace.start().bind(said.organisation).bind_text(said.note).bind(said.received_us).run();
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
                   std::size_t ended, std::int64_t now_us) {
  Statement insert = connection_.prepare(
      "INSERT INTO origin_control VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
      "void = coalesce(void, excluded.void), applied = excluded.applied, ended = ended + excluded.ended");
  insert.start().bind(origin).bind(static_cast<std::int64_t>(entry.position)).bind_text(entry.op);
  void_because.empty() ? insert.bind_null() : insert.bind_text(void_because);
  insert.bind(now_us).bind(static_cast<std::int64_t>(ended)).run();
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

core::Result<std::vector<SaidOfDependents>> RecallReads::said_of_dependents() {
  try {
    std::vector<SaidOfDependents> out;
    Statement rows = connection_.prepare("SELECT organisation, note, received FROM said_of_dependents ORDER BY 1");
    for (rows.start(); rows.step();) out.push_back({rows.integer(0), std::string(rows.text(1)), rows.integer(2)});
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

core::Result<std::optional<MadeRecall>> RecallReads::latest(RowId asserter, std::string const& type,
                                                            core::Uuid const& uuid) {
  try {
    Statement name = connection_.prepare("SELECT name FROM names WHERE text = ?");
    if (!name.start().bind_text(type).step()) return std::nullopt;
    return latest_in(connection_, asserter, name.integer(0), uuid);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<Recallable> RecallReads::recallable(StoredObject const& object) {
  try {
    Recallable out;
    Statement logged =
        connection_.prepare("SELECT 1 FROM versions WHERE version = ? AND origin = 0 AND origin_index IS NOT NULL");
    out.logged = logged.start().bind(object.version).step();
    std::set<RowId> collections;
    Statement held = connection_.prepare(
        "SELECT r.collection FROM publications p JOIN recalled_publications r ON r.version = p.version "
        "WHERE p.collection = ? AND p.sequence = ?");
    for (auto const& one : object.publications)
      for (held.start().bind(one.collection).bind(one.sequence); held.step();) collections.insert(held.integer(0));
    out.suppressed_in.assign(collections.begin(), collections.end());
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
