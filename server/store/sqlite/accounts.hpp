// Accounts over SQLite, on the writing connection. Each change stands in the audit trail, by the same transaction.
// Owned by the database; commit thread only.
#pragma once

#include "server/store/account_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Accounts final : public AccountStore {
 public:
  Accounts(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<std::vector<Organisation>> organisations() override;
  core::Result<std::vector<Credential>> credentials() override;
  core::Result<std::vector<Collection>> collections() override;
  core::Result<std::vector<ClassRow>> classes() override;
  core::Result<std::vector<PublicationCount>> publication_counts() override;
  core::Result<std::vector<std::pair<RowId, core::Uuid>>> statement_markings() override;
  core::Result<std::vector<Audience>> audiences() override;
  core::Result<std::vector<AudienceMember>> audience_members() override;
  core::Result<std::vector<AudienceProposal>> audience_proposals() override;
  core::Result<RowId> add(Organisation const& organisation) override;
  core::Result<RowId> add(Credential const& credential) override;
  core::Result<RowId> add(Collection const& collection) override;
  core::Result<void> set_disabled(RowId organisation, bool disabled) override;
  core::Result<void> set_standing(RowId organisation, std::string const& standing) override;
  core::Result<void> set_moderation(RowId collection, std::string const& moderation) override;
  core::Result<void> revoke_credential(std::string const& token_id, std::int64_t now_us) override;
  core::Result<void> redeem(std::string const& token_id, core::Digest const& secret_digest,
                            std::int64_t now_us) override;
  core::Result<RowId> add(Audience const& audience, std::vector<RowId> const& members) override;
  core::Result<void> propose(AudienceProposal const& proposal) override;
  core::Result<void> approve(core::Uuid const& proposal) override;
  core::Result<void> remove_member(RowId audience, RowId organisation) override;
  core::Result<std::vector<core::Digest>> denied_pins() override;
  core::Result<void> deny_pin(core::Digest const& pin, std::int64_t now_us) override;

 private:
  void note(std::string_view action, RowId audience, RowId organisation);
  void note_of_credential(std::string_view action, std::string const& token_id);

  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
