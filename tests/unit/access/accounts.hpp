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
  core::Result<std::vector<store::Audience>> audiences() override { return audiences_; }
  core::Result<std::vector<store::AudienceMember>> audience_members() override { return members_; }
  core::Result<std::vector<store::AudienceProposal>> audience_proposals() override { return proposals_; }
  core::Result<store::RowId> add(store::Organisation const& organisation) override;
  core::Result<store::RowId> add(store::Credential const& credential) override;
  core::Result<store::RowId> add(store::Collection const& collection) override;
  core::Result<void> set_disabled(store::RowId organisation, bool disabled) override;
  core::Result<void> set_standing(store::RowId organisation, std::string const& standing) override;
  core::Result<void> set_moderation(store::RowId collection, std::string const& moderation) override;
  core::Result<void> revoke_credential(std::string const& token_id, std::int64_t now_us) override;
  core::Result<void> redeem(std::string const& token_id, core::Digest const& secret_digest,
                            std::int64_t now_us) override;
  core::Result<store::RowId> add(store::Audience const& audience, std::vector<store::RowId> const& members) override;
  core::Result<void> propose(store::AudienceProposal const& proposal) override;
  core::Result<void> approve(core::Uuid const& proposal) override;
  core::Result<void> remove_member(store::RowId audience, store::RowId organisation) override;
  core::Result<std::vector<core::Digest>> denied_pins() override { return denied_pins_; }
  core::Result<void> deny_pin(core::Digest const& pin, std::int64_t now_us) override;

  // What commits interned.
  std::vector<store::ClassRow> class_rows;
  std::vector<store::PublicationCount> corners;
  std::vector<std::pair<store::RowId, core::Uuid>> statements;
  bool broken = false;  // reading fails
  bool full = false;    // writing fails

 private:
  std::vector<store::Organisation> organisations_;
  std::vector<store::Credential> credentials_;
  std::vector<store::Collection> collections_;
  std::vector<store::Audience> audiences_;
  std::vector<store::AudienceMember> members_;
  std::vector<store::AudienceProposal> proposals_;
  std::vector<core::Digest> denied_pins_;
};

}  // namespace tocsin::test
