// What is kept of relays, over SQLite on the writing connection. Owned by the database; commit thread only.
#pragma once

#include "server/store/relay_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Relays final : public RelayStore {
 public:
  Relays(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<void> keep_control(RowId origin, std::span<log::OpenedEntry const> entries) override;
  core::Result<bool> keep(Misrelayed const& entry) override;
  core::Result<void> keep(RowId origin, Dependent const& dependent) override;
  core::Result<std::vector<Dependent>> dependents(RowId origin) override;

 private:
  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
