#include "clients/cpp/mining/mined.hpp"

#include <algorithm>
#include <set>

#include "schema/kinds/network.hpp"
#include "server/match/ip_address.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kTimes = 4;  // as often as others

bool contains(match::IpNetwork const& network, match::IpAddress const& address) {
  auto const host_bits = (network.six ? 128u : 32u) - network.length;
  if (network.six != address.six) return false;
  return host_bits >= 128 || address.value >> host_bits == network.first >> host_bits;
}

// How many of some accounts came from a network.
std::size_t count_from(std::span<AccountSample::Account const* const> accounts, match::IpNetwork const& network) {
  auto const came = [&](AccountSample::Account const* account) {
    return std::ranges::any_of(account->addresses, [&](auto const& one) { return contains(network, one.second); });
  };
  return static_cast<std::size_t>(std::ranges::count_if(accounts, came));
}

std::vector<MinedPrompt> prompts_of(std::vector<AccountSample::Account const*> const& accounts) {
  std::vector<MinedPrompt> out;
  for (std::uint32_t number = 0; number < accounts.size(); ++number)
    for (auto const& [_, prompt] : accounts[number]->prompts) out.push_back({number, prompt});
  return out;
}

Common common_of(std::span<AccountSample::Account const* const> accounts, std::size_t min_accounts) {
  Gathering gathering(min_accounts);
  for (auto const* account : accounts) {
    AccountRow row;
    row[at(Field::account)] = account->name;
    gathering.add(row);
    for (auto const& [_, address] : account->addresses) {
      auto const length = static_cast<std::uint8_t>(address.six ? 128 : 32);
      auto const text = match::text_of({address.value, address.six, length});
      row[at(Field::address)] = text;
      gathering.add(row);
    }
  }
  return gathering.common();
}

}  // namespace

Mined mined_from(AccountSample::Accounts const& sample, std::size_t min_accounts) {
  std::vector<AccountSample::Account const*> all;
  for (auto const& [_, account] : sample) all.push_back(&account);
  Mined out;
  out.templates = mined_templates(prompts_of(all), min_accounts);
  std::set<std::uint32_t> users;
  for (auto const& one : out.templates) users.insert(one.accounts.begin(), one.accounts.end());
  std::vector<AccountSample::Account const*> ours, others;
  for (std::uint32_t number = 0; number < all.size(); ++number)
    (users.contains(number) ? ours : others).push_back(all[number]);
  for (auto const* account : ours) out.accounts.push_back(account->name);
  std::ranges::sort(out.accounts);
  out.common = common_of(ours, min_accounts);
  std::erase_if(out.common.ranges, [&](SharedRange const& range) {
    auto const network = match::folded(range.network);
    return count_from(ours, network) * others.size() < kTimes * count_from(others, network) * ours.size();
  });
  return out;
}

}  // namespace tocsin::client
