// SQLite with RAII: a connection and its statements. Inside this folder failures are SqliteError exceptions; the
// interfaces above turn them into results. A connection and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::store::sqlite {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, int system_error, std::string const& message)
      : std::runtime_error(message), code_(code), system_error_(system_error) {}
  // storage_full when the disk (or quota) is full, else storage_failed; never the engine's text, which may quote
  // values.
  [[nodiscard]] core::Error error() const;
  [[nodiscard]] bool is_constraint() const;
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_;
  int system_error_;
};

class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, std::string_view sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Starts over: resets, then binds in order. Text and blobs are not copied: they must live until the next reset.
  Statement& start();
  Statement& bind(std::int64_t value);
  Statement& bind(std::optional<std::int64_t> value);
  Statement& bind_text(std::string_view value);
  Statement& bind_blob(std::string_view value);
  Statement& bind_null();

  [[nodiscard]] bool step();  // true: a row is there
  void run();                 // steps to the end and resets

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // or a blob; valid until the next step or reset
  [[nodiscard]] bool is_null(int column) const;
  void reset();

 private:
  void check(int code) const;
  sqlite3_stmt* statement_ = nullptr;
  int next_ = 1;
};

class Connection {
 public:
  enum class Mode : std::uint8_t { read_only, read_write, create };
  Connection(std::filesystem::path const& file, Mode mode, std::int64_t cache_mib);
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  void execute(std::string const& sql);
  [[nodiscard]] Statement prepare(std::string_view sql) { return {db_.get(), sql}; }
  // Ends what still reads when no transaction should be open: a statement that an error left half-way holds its
  // snapshot, and the next read would be of the past.
  void let_go();
  [[nodiscard]] std::int64_t last_insert() const;
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] sqlite3* raw() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  std::unique_ptr<sqlite3, Close> db_;  // closed also when the constructor fails halfway
};

// A transaction that rolls back unless committed. IMMEDIATE: a writer never starts as a reader.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace tocsin::store::sqlite
