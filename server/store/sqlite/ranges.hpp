// Own ranges over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include "server/store/range_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Ranges final : public RangeStore {
 public:
  Ranges(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<std::map<RowId, std::vector<OwnRange>>> ranges() override;
  core::Result<std::vector<OwnRange>> ranges_of(RowId organisation) override;
  core::Result<std::size_t> add(RowId organisation, std::span<OwnRange const> ranges, std::size_t most) override;
  core::Result<std::size_t> remove(RowId organisation, std::span<std::string const> texts) override;

 private:
  void note(std::string_view action, RowId organisation, std::size_t changed);
  [[nodiscard]] std::size_t count(RowId organisation);

  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
