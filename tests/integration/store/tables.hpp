// The content of a database, table by table, so that two of them can be compared. Any thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>

struct sqlite3;

namespace tocsin::test {

using Tables = std::map<std::string, std::string>;

// Every row of every table, but for what differs between two databases that were told the same: columns that are or
// come from random numbers or the time, and `chains` with its mark, which lags behind in its own way. Throws
// std::runtime_error when the database cannot be read.
[[nodiscard]] Tables tables_of(std::filesystem::path const& database);

// The bytes of every version, by who asserted it, its type, id and instant. Throws when a key is there twice.
[[nodiscard]] std::map<std::string, std::string> versions_of(std::filesystem::path const& database);

// A reader that stays in the past: while it lives, not all of the log can be moved into the database. When the disk
// does not let it read, it holds nothing.
class HeldSnapshot {
 public:
  explicit HeldSnapshot(std::filesystem::path const& database);
  ~HeldSnapshot();
  HeldSnapshot(HeldSnapshot const&) = delete;
  HeldSnapshot& operator=(HeldSnapshot const&) = delete;

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace tocsin::test
