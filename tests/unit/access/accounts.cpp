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

std::unexpected<core::Error> taken() { return core::fail(core::Code::conflict, "It is taken."); }

}  // namespace

core::Result<std::vector<store::Organisation>> Accounts::organisations() {
  if (broken) return core::fail(core::Code::storage_failed, "The disk is gone.");
  return organisations_;
}

core::Result<store::RowId> Accounts::add(store::Organisation const& organisation) {
  if (has(organisations_, organisation.name, &store::Organisation::name)) return taken();
  return keep(organisations_, organisation);
}

core::Result<store::RowId> Accounts::add(store::Credential const& credential) { return keep(credentials_, credential); }

core::Result<store::RowId> Accounts::add(store::Collection const& collection) {
  if (has(collections_, collection.alias, &store::Collection::alias)) return taken();
  return keep(collections_, collection);
}

core::Result<void> Accounts::set_disabled(store::RowId organisation, bool disabled) {
  organisations_.at(static_cast<std::size_t>(organisation) - 1).disabled = disabled;
  return {};
}

core::Result<void> Accounts::revoke_credential(std::string const& token_id, std::int64_t now_us) {
  auto found = std::ranges::find(credentials_, token_id, &store::Credential::token_id);
  if (found == credentials_.end()) return core::fail(core::Code::not_found, "There is no such credential.");
  found->revoked_us = now_us;
  return {};
}

}  // namespace tocsin::test
