#include "server/store/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/logs.hpp"

namespace tocsin::store {
namespace {

using sqlite::Connection;
using sqlite::SqliteError;
using sqlite::Statement;
using sqlite::Transaction;
namespace fs = std::filesystem;

constexpr int kStepPages = 1'024;      // 4 MiB between two looks at whether the copy can go on
constexpr std::int64_t kCacheMib = 8;  // a copy reads every page once: a larger cache gains nothing

// Runs what talks to SQLite; its exceptions end here.
template <class T>
core::Result<T> guarded(auto&& work) {
  try {
    return work();
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> make_empty(fs::path const& file) {
  int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
    return {};
  }
  bool there = errno == EEXIST;
  return core::fail(there ? core::Code::directory_in_use : core::Code::io_failed,
                    file.string() + (there ? " exists already." : " cannot be created."), "",
                    there ? "Choose another name; a backup never replaces a file." : "Choose another place.");
}

void copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* copy = sqlite3_backup_init(to.raw(), "main", from.raw(), "main");
  if (copy == nullptr) throw SqliteError(sqlite3_extended_errcode(to.raw()), 0, "a copy cannot be begun");
  int code = SQLITE_OK;
  while (code == SQLITE_OK) code = sqlite3_backup_step(copy, kStepPages);
  int system_error = sqlite3_system_errno(to.raw());
  sqlite3_backup_finish(copy);
  if (code != SQLITE_DONE) throw SqliteError(code, system_error, sqlite3_errstr(code));
}

bool has_table(Connection& connection, std::string_view name) {
  Statement table = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return table.start().bind_text(name).step();
}

// The file alone holds everything afterwards, and can be read where nothing can be written.
void fold(Connection& connection) { connection.execute("PRAGMA journal_mode = DELETE"); }

}  // namespace

core::Result<void> copy_database(fs::path const& from, fs::path const& to) {
  if (auto made = make_empty(to); !made) return made;
  return guarded<void>([&]() -> core::Result<void> {
    {
      Connection source(from, Connection::Mode::read_only, kCacheMib);
      // One snapshot for all steps: else every commit in between would begin the copy again.
      source.execute("BEGIN; SELECT 1 FROM counters;");
      Connection copy(to, Connection::Mode::read_write, kCacheMib);
      copy.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");  // it is nothing until it is whole
      copy_pages(source, copy);
    }
    Connection copy(to, Connection::Mode::read_write, kCacheMib);
    fold(copy);
    return {};
  });
}

core::Result<void> add_seal(fs::path const& file, BackupSeal const& seal, std::vector<BackupFile> const& files) {
  return guarded<void>([&]() -> core::Result<void> {
    Connection connection(file, Connection::Mode::read_write, kCacheMib);
    {
      Transaction transaction(connection);
      connection.execute(
          "CREATE TABLE backup (made INTEGER NOT NULL, data_size INTEGER NOT NULL, root BLOB NOT NULL, log_key TEXT "
          "NOT "
          "NULL, root_key TEXT NOT NULL) STRICT;"
          "CREATE TABLE backup_files (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;");
      connection.prepare("INSERT INTO backup VALUES (?, ?, ?, ?, ?)")
          .start()
          .bind(seal.made_us)
          .bind(static_cast<std::int64_t>(seal.data_size))
          .bind_blob(core::view(seal.root))
          .bind_text(seal.log_key)
          .bind_text(seal.root_key)
          .run();
      Statement insert = connection.prepare("INSERT INTO backup_files VALUES (?, ?)");
      for (BackupFile const& each : files) insert.start().bind_text(each.name).bind_blob(each.bytes).run();
      transaction.commit();
    }
    fold(connection);
    return {};
  });
}

core::Result<std::optional<BackupSeal>> read_seal(fs::path const& file) {
  return guarded<std::optional<BackupSeal>>([&]() -> core::Result<std::optional<BackupSeal>> {
    Connection connection(file, Connection::Mode::read_only, kCacheMib);
    if (!has_table(connection, "backup")) return std::nullopt;
    Statement row = connection.prepare("SELECT made, data_size, root, log_key, root_key FROM backup");
    if (!row.step()) return BackupSeal{};
    auto root = core::to_array<32>(row.text(2));
    return BackupSeal{row.integer(0), static_cast<std::uint64_t>(row.integer(1)), root.value_or(core::Digest{}),
                      std::string(row.text(3)), std::string(row.text(4))};
  });
}

core::Result<std::vector<BackupFile>> read_files(fs::path const& file) {
  return guarded<std::vector<BackupFile>>([&]() -> core::Result<std::vector<BackupFile>> {
    Connection connection(file, Connection::Mode::read_only, kCacheMib);
    Statement rows = connection.prepare("SELECT name, bytes FROM backup_files ORDER BY name");
    std::vector<BackupFile> out;
    while (rows.step()) out.push_back({std::string(rows.text(0)), std::string(rows.text(1))});
    return out;
  });
}

core::Result<void> remove_files(fs::path const& file) {
  return guarded<void>([&]() -> core::Result<void> {
    Connection connection(file, Connection::Mode::read_write, kCacheMib);
    connection.execute("PRAGMA secure_delete = ON; DROP TABLE backup_files;");
    fold(connection);
    return {};
  });
}

core::Result<void> lift_seal(fs::path const& file) {
  return guarded<void>([&]() -> core::Result<void> {
    Connection connection(file, Connection::Mode::read_write, kCacheMib);
    connection.execute("DROP TABLE IF EXISTS backup;");
    return {};
  });
}

core::Result<std::unique_ptr<LogStore>> open_sqlite_log(fs::path const& file) {
  return guarded<std::unique_ptr<LogStore>>([&]() -> core::Result<std::unique_ptr<LogStore>> {
    auto connection = std::make_unique<Connection>(file, Connection::Mode::read_only, 8 * kCacheMib);
    connection->execute("BEGIN; SELECT 1 FROM counters;");
    return std::make_unique<sqlite::Logs>(std::move(connection));
  });
}

}  // namespace tocsin::store
