#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <filesystem>
#include <map>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/leaves.hpp"
#include "server/store/sqlite/migrations.hpp"
#include "server/store/sqlite/retention.hpp"

namespace tocsin::store {
namespace {

using sqlite::Connection;
using sqlite::SqliteError;
using sqlite::Statement;

// Makes the tables of indicators as they are now, whose keys no SQL can tell: what is stored by then is brought into
// them beside it.
constexpr int kIndicators = 10;
// Makes the column of entries, which are hashes.
constexpr int kEntries = 16;
// Makes the table of what has to be destroyed when, which is filled likewise.
constexpr int kRetention = 19;

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT "
    "NULL) STRICT";

std::string checksum(sqlite::EmbeddedMigration const& migration) {
  return core::to_hex(core::view(core::sha256(migration.sql)));
}

core::Error foreign(std::string detail) {
  return {core::Code::migration_pending, std::move(detail), "",
          "Use the program version that this database belongs to, or restore a backup."};
}

// The embedded migrations with what the database says of each.
core::Result<std::vector<Migration>> compare(Connection& connection) {
  std::map<int, std::string> applied;
  Statement table = connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'");
  if (table.step() && table.integer(0) == 1) {
    Statement rows = connection.prepare("SELECT number, checksum FROM schema_migrations");
    while (rows.step()) applied.emplace(static_cast<int>(rows.integer(0)), rows.text(1));
  }
  std::vector<Migration> out;
  for (auto const& migration : sqlite::embedded_migrations()) {
    auto found = applied.find(migration.number);
    if (found != applied.end() && found->second != checksum(migration))
      return std::unexpected(
          foreign("Migration " + std::string(migration.name) + " was applied in another form than this program has."));
    out.push_back({migration.number, std::string(migration.name), found != applied.end()});
    if (found != applied.end()) applied.erase(found);
  }
  if (!applied.empty())
    return std::unexpected(foreign("The database has migration " + std::to_string(applied.begin()->first) +
                                   ", which this program does not know."));
  return out;
}

}  // namespace

core::Result<std::vector<Migration>> sqlite_migrations(std::filesystem::path const& file) {
  try {
    if (!std::filesystem::exists(file)) {
      std::vector<Migration> out;
      for (auto const& migration : sqlite::embedded_migrations())
        out.push_back({migration.number, std::string(migration.name), false});
      return out;
    }
    Connection connection(file, Connection::Mode::read_write, 8);
    return compare(connection);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Migration>> migrate_sqlite(std::filesystem::path const& file) {
  // Created by hand first, so that the database and its log are never readable by others.
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return core::fail(core::Code::io_failed, "The database file cannot be created: " + file.string() + ".");
  ::close(descriptor);
  try {
    Connection connection(file, Connection::Mode::read_write, 8);
    auto state = compare(connection);
    if (!state) return state;
    auto known = state->begin();
    for (auto const& migration : sqlite::embedded_migrations()) {
      if (known++->applied) continue;
      sqlite::Transaction transaction(connection);
      connection.execute(std::string(kTable));
      connection.execute(std::string(migration.sql));
      if (migration.number == kIndicators) sqlite::fill_indicators(connection);
      if (migration.number == kEntries) sqlite::fill_entries(connection);
      if (migration.number == kRetention) sqlite::fill_retention(connection);
      std::string sum = checksum(migration);
      connection.prepare("INSERT INTO schema_migrations VALUES (?, ?, ?)")
          .start()
          .bind(std::int64_t{migration.number})
          .bind_text(migration.name)
          .bind_text(sum)
          .run();
      transaction.commit();
    }
    return compare(connection);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store
