// Accounts in memory, as a database would keep them. Owned by a test; one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "server/store/account_store.hpp"

namespace tocsin::test {

class Accounts final : public store::AccountStore {
 public:
  core::Result<std::vector<store::Organisation>> organisations() override;
  core::Result<std::vector<store::Credential>> credentials() override { return credentials_; }
  core::Result<std::vector<store::Collection>> collections() override { return collections_; }
  core::Result<std::vector<store::ClassRow>> classes() override { return class_rows; }
  core::Result<std::vector<store::PublicationCount>> publication_counts() override { return corners; }
  core::Result<std::vector<std::pair<store::RowId, core::Uuid>>> statement_markings() override { return statements; }
  core::Result<store::RowId> add(store::Organisation const& organisation) override;
  core::Result<store::RowId> add(store::Credential const& credential) override;
  core::Result<store::RowId> add(store::Collection const& collection) override;
  core::Result<void> set_disabled(store::RowId organisation, bool disabled) override;
  core::Result<void> revoke_credential(std::string const& token_id, std::int64_t now_us) override;

  // What commits interned.
  std::vector<store::ClassRow> class_rows;
  std::vector<store::PublicationCount> corners;
  std::vector<std::pair<store::RowId, core::Uuid>> statements;
  bool broken = false;  // reading fails

 private:
  std::vector<store::Organisation> organisations_;
  std::vector<store::Credential> credentials_;
  std::vector<store::Collection> collections_;
};

}  // namespace tocsin::test
