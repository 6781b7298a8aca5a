#include "server/store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <mutex>
#include <utility>

namespace tocsin::store::sqlite {
namespace {

// Callers set errno to 0 before they call SQLite: sqlite3_system_errno() is not told of what fails in a COMMIT, and
// goes on telling what failed before.
[[noreturn]] void raise(sqlite3* db, int code) {
  int system_error = errno;
  throw SqliteError(db != nullptr ? sqlite3_extended_errcode(db) : code, system_error, sqlite3_errstr(code));
}

}  // namespace

core::Error SqliteError::error() const {
  bool full = (code_ & 0xFF) == SQLITE_FULL ||
              ((code_ & 0xFF) == SQLITE_IOERR && (system_error_ == ENOSPC || system_error_ == EDQUOT));
  if (full)
    return {core::Code::storage_full, "The disk that holds the database is full; nothing more is stored.", "",
            "Try again later; the operator has to make room."};
  if ((code_ & 0xFF) == SQLITE_CORRUPT || (code_ & 0xFF) == SQLITE_NOTADB)
    return {core::Code::storage_failed, "The database is damaged: " + std::string(what()) + ".", "",
            "The operator has to stop the server and restore a backup."};
  return {core::Code::storage_failed, "The database answered: " + std::string(what()) + ".", "", "Try again later."};
}

bool SqliteError::is_constraint() const { return (code_ & 0xFF) == SQLITE_CONSTRAINT; }

Statement::Statement(sqlite3* db, std::string_view sql) {
  errno = 0;
  int code =
      sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) raise(db, code);
}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), next_(other.next_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(next_, other.next_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) raise(sqlite3_db_handle(statement_), code);  // of a binding, which asks nothing of the system
}

Statement& Statement::start() {
  sqlite3_reset(statement_);
  next_ = 1;
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_, next_++, value));
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) { return value ? bind(*value) : bind_null(); }

Statement& Statement::bind_text(std::string_view value) {
  check(sqlite3_bind_text64(statement_, next_++, value.data() == nullptr ? "" : value.data(), value.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(std::string_view value) {
  check(sqlite3_bind_blob64(statement_, next_++, value.data() == nullptr ? "" : value.data(), value.size(),
                            SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_, next_++));
  return *this;
}

bool Statement::step() {
  errno = 0;
  int code = sqlite3_step(statement_);
  int system_error = errno;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* db = sqlite3_db_handle(statement_);
  SqliteError error(sqlite3_extended_errcode(db), system_error, sqlite3_errstr(code));
  sqlite3_reset(statement_);
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  sqlite3_reset(statement_);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  auto const* data = static_cast<char const*>(sqlite3_column_blob(statement_, column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Statement::reset() { sqlite3_reset(statement_); }

Connection::Connection(std::filesystem::path const& file, Mode mode, std::int64_t cache_mib) {
  // Counting memory takes a lock of the whole process at every allocation.
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  errno = 0;
  int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  db_.reset(opened);  // a failed opening leaves a handle too
  if (code != SQLITE_OK) raise(raw(), code);
  sqlite3_db_config(raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // Checkpoints are the commit thread's: two connections that commit and checkpoint at once can corrupt the log before
  // SQLite 3.51.3.
  sqlite3_wal_autocheckpoint(raw(), 0);
  sqlite3_busy_timeout(raw(), 5'000);
  execute("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -" +
          std::to_string(cache_mib * 1024) + ";");
  if (mode == Mode::read_only) return;
  // What was replaced, withdrawn or let go may be erased later, when nothing leads to where it stood.
  execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
}

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

void Connection::execute(std::string const& sql) {
  errno = 0;
  int code = sqlite3_exec(raw(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(raw(), code);
}

void Connection::let_go() {
  if (sqlite3_txn_state(raw(), nullptr) == SQLITE_TXN_NONE) return;
  for (auto* at = sqlite3_next_stmt(raw(), nullptr); at != nullptr; at = sqlite3_next_stmt(raw(), at))
    sqlite3_reset(at);
}

std::int64_t Connection::last_insert() const { return sqlite3_last_insert_rowid(raw()); }

std::int64_t Connection::changes() const { return sqlite3_changes64(raw()); }

Transaction::Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    // Some failures (a full disk) have rolled back already; then there is no transaction to end.
    if (sqlite3_get_autocommit(connection_.raw()) == 0) connection_.execute("ROLLBACK");
  } catch (SqliteError const&) {
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

}  // namespace tocsin::store::sqlite
