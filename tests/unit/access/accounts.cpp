#include "tests/unit/access/accounts.hpp"

#include <algorithm>

namespace tocsin::test {
namespace {

template <class T>
store::RowId keep(std::vector<T>& rows, T row) {
  row.row = static_cast<store::RowId>(rows.size()) + 1;
  rows.push_back(std::move(row));
  return rows.back().row;
}

template <class T>
bool has(std::vector<T> const& rows, std::string const& text, std::string T::* member) {
  return std::ranges::find(rows, text, member) != rows.end();
}

std::unexpected<core::Error> no_room() { return core::fail(core::Code::storage_failed, "The disk is full."); }

std::unexpected<core::Error> taken() { return core::fail(core::Code::conflict, "It is taken."); }

}  // namespace

core::Result<std::vector<store::Organisation>> Accounts::organisations() {
  if (broken) return core::fail(core::Code::storage_failed, "The disk is gone.");
  return organisations_;
}

core::Result<store::RowId> Accounts::add(store::Organisation const& organisation) {
  if (full) return no_room();
  if (has(organisations_, organisation.name, &store::Organisation::name)) return taken();
  return keep(organisations_, organisation);
}

core::Result<store::RowId> Accounts::add(store::Credential const& credential) {
  if (full) return no_room();
  return keep(credentials_, credential);
}

core::Result<store::RowId> Accounts::add(store::Collection const& collection) {
  if (full) return no_room();
  if (has(collections_, collection.alias, &store::Collection::alias)) return taken();
  return keep(collections_, collection);
}

core::Result<void> Accounts::set_disabled(store::RowId organisation, bool disabled) {
  if (full) return no_room();
  organisations_.at(static_cast<std::size_t>(organisation) - 1).disabled = disabled;
  return {};
}

core::Result<void> Accounts::set_standing(store::RowId organisation, std::string const& standing) {
  if (full) return no_room();
  organisations_.at(static_cast<std::size_t>(organisation) - 1).standing = standing;
  return {};
}

core::Result<void> Accounts::set_moderation(store::RowId collection, std::string const& moderation) {
  if (full) return no_room();
  collections_.at(static_cast<std::size_t>(collection) - 1).moderation = moderation;
  return {};
}

core::Result<void> Accounts::revoke_credential(std::string const& token_id, std::int64_t now_us) {
  if (full) return no_room();
  auto found = std::ranges::find(credentials_, token_id, &store::Credential::token_id);
  if (found == credentials_.end()) return core::fail(core::Code::not_found, "There is no such credential.");
  found->revoked_us = now_us;
  return {};
}

core::Result<void> Accounts::redeem(std::string const& token_id, core::Digest const& secret_digest,
                                    std::int64_t now_us) {
  if (full) return no_room();
  auto found = std::ranges::find(credentials_, token_id, &store::Credential::token_id);
  if (found == credentials_.end() || !found->invitation_us || found->revoked_us)
    return core::fail(core::Code::not_found, "There is no such invitation.");
  found->secret_digest = secret_digest;
  found->invitation_us.reset();
  found->created_us = now_us;
  return {};
}

core::Result<store::RowId> Accounts::add(store::Audience const& audience, std::vector<store::RowId> const& members) {
  if (full) return no_room();
  if (has(audiences_, audience.name, &store::Audience::name)) return taken();
  auto row = keep(audiences_, audience);
  for (auto member : members) members_.push_back({row, member, 1, {}});
  return row;
}

core::Result<void> Accounts::propose(store::AudienceProposal const& proposal) {
  if (full) return no_room();
  proposals_.push_back(proposal);
  return {};
}

core::Result<void> Accounts::approve(core::Uuid const& proposal) {
  if (full) return no_room();
  auto found = std::ranges::find(proposals_, proposal, &store::AudienceProposal::id);
  if (found == proposals_.end()) return core::fail(core::Code::not_found, "There is no such proposal.");
  auto epoch = ++audiences_.at(static_cast<std::size_t>(found->audience) - 1).epoch;
  members_.push_back({found->audience, found->organisation, epoch, {}});
  proposals_.erase(found);
  return {};
}

core::Result<void> Accounts::remove_member(store::RowId audience, store::RowId organisation) {
  if (full) return no_room();
  for (auto& one : members_)
    if (one.audience == audience && one.organisation == organisation && !one.until) {
      one.until = ++audiences_.at(static_cast<std::size_t>(audience) - 1).epoch;
      return {};
    }
  return core::fail(core::Code::not_found, "It does not belong.");
}

core::Result<void> Accounts::deny_pin(core::Digest const& pin, std::int64_t) {
  if (full) return no_room();
  denied_pins_.push_back(pin);
  return {};
}

}  // namespace tocsin::test
