// Organisations, credentials, collections and the interned rows that others keep in memory. Written on the commit
// thread only.
#pragma once

#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

class AccountStore {
 public:
  virtual ~AccountStore() = default;

  [[nodiscard]] virtual core::Result<std::vector<Organisation>> organisations() = 0;
  [[nodiscard]] virtual core::Result<std::vector<Credential>> credentials() = 0;
  [[nodiscard]] virtual core::Result<std::vector<Collection>> collections() = 0;
  [[nodiscard]] virtual core::Result<std::vector<ClassRow>> classes() = 0;
  [[nodiscard]] virtual core::Result<std::vector<PublicationCount>> publication_counts() = 0;
  [[nodiscard]] virtual core::Result<std::vector<std::pair<RowId, core::Uuid>>> statement_markings() = 0;

  // Errors: conflict when a unique name, identity, alias or title is taken; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<RowId> add(Organisation const& organisation) = 0;
  [[nodiscard]] virtual core::Result<RowId> add(Credential const& credential) = 0;
  [[nodiscard]] virtual core::Result<RowId> add(Collection const& collection) = 0;

  // Errors: not_found.
  [[nodiscard]] virtual core::Result<void> set_disabled(RowId organisation, bool disabled) = 0;
  [[nodiscard]] virtual core::Result<void> revoke_credential(std::string const& token_id, std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
