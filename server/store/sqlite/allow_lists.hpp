// Allow lists over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include <optional>

#include "server/store/allow_list_store.hpp"
#include "server/store/rows.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class AllowListTable final : public AllowListStore {
 public:
  AllowListTable(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<std::vector<AllowList>> lists() override;
  core::Result<Change> write(AllowList const& list, bool replace, std::size_t most) override;
  core::Result<Change> remove(std::string const& name, std::vector<std::string> const& entries,
                              std::int64_t now_us) override;

 private:
  struct Found {
    RowId row = 0;
    AllowKind kind = AllowKind::ranges;
  };
  [[nodiscard]] std::optional<Found> find(std::string const& name);
  [[nodiscard]] RowId made(AllowList const& list);
  void note_changed(RowId list, std::int64_t now_us);
  [[nodiscard]] std::size_t erase_all(RowId list);
  [[nodiscard]] std::size_t count();  // entries of all lists

  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
