// Mutes over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include "server/store/mute_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Mutes final : public MuteStore {
 public:
  Mutes(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<std::map<RowId, std::vector<Mute>>> mutes() override;
  core::Result<std::vector<Mute>> mutes_of(RowId organisation) override;
  core::Result<void> add(RowId organisation, Mute const& mute, std::size_t most) override;
  core::Result<bool> remove(RowId organisation, std::string const& subject) override;

 private:
  void note(std::string_view action, RowId organisation, std::string const& kind);
  [[nodiscard]] std::size_t count(RowId organisation);

  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
