// The SQL files of migrations/sqlite, compiled in. Pure; any thread.
#pragma once

#include <span>
#include <string_view>

namespace tocsin::store::sqlite {

struct EmbeddedMigration {
  int number;             // ascending
  std::string_view name;  // "0001_first"
  std::string_view sql;
};

[[nodiscard]] std::span<EmbeddedMigration const> embedded_migrations();

}  // namespace tocsin::store::sqlite
