#include "tests/integration/store/tables.hpp"

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>

#include "schema/core/bytes.hpp"

namespace tocsin::test {
namespace {

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Db = std::unique_ptr<sqlite3, Close>;

Db open(std::filesystem::path const& file) {
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
  Db owned(db);
  if (code != SQLITE_OK) throw std::runtime_error("the database cannot be opened");
  return owned;
}

std::string column(sqlite3_stmt* row, int index) {
  auto const* bytes = static_cast<char const*>(sqlite3_column_blob(row, index));
  if (bytes == nullptr) return sqlite3_column_type(row, index) == SQLITE_NULL ? "NULL" : "";
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, index))};
}

void each(sqlite3* db, std::string const& sql, std::function<void(sqlite3_stmt*)> const& visit) {
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(db, sql.c_str(), -1, &prepared, nullptr);
  std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(prepared);
    if (code == SQLITE_ROW) visit(prepared);
  }
  if (code != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db));
}

}  // namespace

Tables tables_of(std::filesystem::path const& database) {
  static std::set<std::string> const kDiffering{"token", "header", "leaf", "indexed_through",
                                                "at",    "entry",  "salt", "rolling"};
  Db db = open(database);
  std::map<std::string, std::string> columns;
  each(db.get(),
       "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
       "WHERE t.type = 'table' AND t.name <> 'chains' ORDER BY t.name, c.cid",
       [&](sqlite3_stmt* row) {
         std::string name = column(row, 1);
         std::string& all = columns[column(row, 0)];
         if (!kDiffering.contains(name)) all += (all.empty() ? "" : ", ") + name;
       });
  Tables tables;
  for (auto const& [table, names] : columns) {
    std::string& text = tables[table];
    each(db.get(), "SELECT " + names + " FROM " + table, [&](sqlite3_stmt* row) {
      for (int i = 0; i < sqlite3_column_count(row); ++i) text += column(row, i) + '|';
      text += '\n';
    });
  }
  return tables;
}

std::map<std::string, std::string> versions_of(std::filesystem::path const& database) {
  Db db = open(database);
  std::map<std::string, std::string> versions;
  each(db.get(), "SELECT asserter, n.text, uuid, modified, bytes FROM versions JOIN names n ON n.name = type",
       [&](sqlite3_stmt* row) {
         auto uuid = core::to_array<16>(column(row, 2)).value();
         std::string key = column(row, 0) + ' ' + column(row, 1) + "--" + core::to_text(uuid) + ' ' + column(row, 3);
         if (!versions.emplace(key, column(row, 4)).second) throw std::runtime_error("there twice: " + key);
       });
  return versions;
}

HeldSnapshot::HeldSnapshot(std::filesystem::path const& database) {
  (void)sqlite3_open_v2(database.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr);
  sqlite3_exec(db_, "BEGIN; SELECT * FROM counters;", nullptr, nullptr, nullptr);
}

HeldSnapshot::~HeldSnapshot() { sqlite3_close(db_); }

}  // namespace tocsin::test
