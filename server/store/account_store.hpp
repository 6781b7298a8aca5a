// Organisations, credentials, collections, audiences and the interned rows that others keep in memory. Written on the
// commit thread only.
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

  [[nodiscard]] virtual core::Result<std::vector<Audience>> audiences() = 0;
  [[nodiscard]] virtual core::Result<std::vector<AudienceMember>> audience_members() = 0;
  [[nodiscard]] virtual core::Result<std::vector<AudienceProposal>> audience_proposals() = 0;

  // Errors: conflict when a unique name, identity, alias or title is taken; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<RowId> add(Organisation const& organisation) = 0;
  [[nodiscard]] virtual core::Result<RowId> add(Credential const& credential) = 0;
  [[nodiscard]] virtual core::Result<RowId> add(Collection const& collection) = 0;

  // Errors: not_found.
  [[nodiscard]] virtual core::Result<void> set_disabled(RowId organisation, bool disabled) = 0;
  [[nodiscard]] virtual core::Result<void> set_standing(RowId organisation, std::string const& standing) = 0;
  [[nodiscard]] virtual core::Result<void> set_moderation(RowId collection, std::string const& moderation) = 0;
  [[nodiscard]] virtual core::Result<void> revoke_credential(std::string const& token_id, std::int64_t now_us) = 0;

  // Makes an invitation the token that it is exchanged for, and that as old as its exchange: nobody had it before.
  // Error not_found: it is none, or no more.
  [[nodiscard]] virtual core::Result<void> redeem(std::string const& token_id, core::Digest const& secret_digest,
                                                  std::int64_t now_us) = 0;

  // Each change of a membership is a new epoch of the audience. Errors: conflict when the name is taken, or the
  // organisation belongs already; not_found when it does not belong, or the proposal is gone.
  [[nodiscard]] virtual core::Result<RowId> add(Audience const& audience, std::vector<RowId> const& members) = 0;
  [[nodiscard]] virtual core::Result<void> propose(AudienceProposal const& proposal) = 0;
  [[nodiscard]] virtual core::Result<void> approve(core::Uuid const& proposal) = 0;
  [[nodiscard]] virtual core::Result<void> remove_member(RowId audience, RowId organisation) = 0;
  // Keys of client certificates that are let in no more. One that is denied already stays as it is.
  [[nodiscard]] virtual core::Result<std::vector<core::Digest>> denied_pins() = 0;
  [[nodiscard]] virtual core::Result<void> deny_pin(core::Digest const& pin, std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
