#include "clients/cpp/usage/account_list.hpp"

#include <algorithm>

#include "clients/cpp/files.hpp"
#include "clients/cpp/usage/digest.hpp"

namespace tocsin::client {

void AccountList::add(AccountRow const& row) {
  auto const account = digest(row[at(Field::account)]);
  accounts_.insert(account);
  auto const payment = row[at(Field::payment)];
  if (payment.empty()) return;
  auto const [payer, is_new] = payments_.try_emplace(digest(payment), Payer{account});
  if (!is_new && payer->second.first != account) payer->second.several = true;
}

std::optional<std::size_t> AccountList::shared_payments() const {
  if (payments_.empty()) return std::nullopt;
  auto const shared = std::ranges::count_if(payments_, [](auto const& payment) { return payment.second.several; });
  return static_cast<std::size_t>(shared);
}

Outcome<AccountList> read_accounts(std::string const& file) {
  AccountList out;
  AccountTable table(*ColumnNames::parse({}), [&](AccountRow const& row) { out.add(row); });
  auto read = read_pieces(file, file, [&](std::string_view piece) { return table.feed(piece); });
  if (read) read = table.finish();
  if (!read) return std::unexpected(std::move(read.error()));
  return out;
}

}  // namespace tocsin::client
