// Logs of other instances over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include "server/store/origin_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Origins final : public OriginStore {
 public:
  explicit Origins(Connection& connection) : connection_(connection) {}

  core::Result<std::vector<Origin>> origins() override;
  core::Result<std::optional<Origin>> origin(std::string const& name) override;
  core::Result<RowId> follow(std::string const& name) override;
  core::Result<void> verified(RowId origin, LogName name, OriginLog const& log, std::string_view hashes) override;
  core::Result<void> begin_again(RowId origin) override;
  core::Result<std::string> hashes(RowId origin, LogName name, std::uint64_t first, std::uint64_t count) override;
  core::Result<Completeness> completeness(RowId origin, std::int64_t now_us) override;
  core::Result<std::vector<core::Salt>> opened_heads(RowId origin, std::size_t most) override;
  core::Result<std::vector<HeadVerdict>> compare_heads(RowId origin, std::vector<ShownHead> const& heads) override;

 private:
  void append(RowId origin, LogName name, std::uint64_t size, std::string_view hashes);
  std::string tile(RowId origin, LogName name, std::uint64_t index);  // "": there is none

  Connection& connection_;
};

}  // namespace tocsin::store::sqlite
