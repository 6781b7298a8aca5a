#include "clients/cpp/mining/alike_prompts.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace tocsin::client {
namespace {

using kinds::Print;
using Prints = std::vector<Print>;

constexpr unsigned kAccountBits = 15;

// With the account in the lowest bits: of two fingerprints that differ only there one is lost, which leaves nothing in
// that should be out but by a chance of one in 2^49.
Print packed(Print print, std::uint32_t account) { return print >> kAccountBits << kAccountBits | account; }
Print without_account(Print packed) { return packed >> kAccountBits; }

// What prompts of so many accounts have.
class Common {
 public:
  Common(std::span<MinedPrompt const> prompts, std::size_t min_accounts) {
    Prints all;
    for (auto const& prompt : prompts)
      for (auto const print : kinds::prints_of(prompt.text)) all.push_back(packed(print, prompt.account));
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (auto begin = all.begin(); begin != all.end();) {
      auto const end =
          std::find_if(begin, all.end(), [&](Print one) { return without_account(one) != without_account(*begin); });
      if (static_cast<std::size_t>(end - begin) >= min_accounts) common_.push_back(without_account(*begin));
      begin = end;
    }
  }

  [[nodiscard]] Prints of(std::string const& text) const {
    auto out = kinds::prints_of(text);
    std::erase_if(out, [this](Print print) { return !std::ranges::binary_search(common_, without_account(print)); });
    return out;
  }

 private:
  Prints common_;  // without the lowest bits, ascending
};

// Each prompt goes to the group whose first prompt it has most of, half at least; the shortest come first, so that
// first prompts have little besides the template.
class Grouping {
 public:
  void add(std::uint32_t prompt, Prints const& prints) {
    std::unordered_map<std::uint32_t, std::size_t> shared;
    for (auto const print : prints)
      if (auto const found = having_.find(print); found != having_.end())
        for (auto const group : found->second) ++shared[group];
    std::size_t most = 0, best = groups_.size();
    for (auto const& [group, count] : shared) {
      bool const enough = count >= kLeastPrints && 2 * count >= sizes_[group];
      if (enough && (count > most || (count == most && group < best))) std::tie(most, best) = std::tuple(count, group);
    }
    if (best == groups_.size()) begin_group(prints);
    groups_[best].push_back(prompt);
  }

  [[nodiscard]] std::vector<std::vector<std::uint32_t>> const& groups() const { return groups_; }

 private:
  void begin_group(Prints const& prints) {
    for (auto const print : prints) having_[print].push_back(static_cast<std::uint32_t>(groups_.size()));
    sizes_.push_back(prints.size());
    groups_.emplace_back();
  }

  std::vector<std::vector<std::uint32_t>> groups_;
  std::vector<std::size_t> sizes_;  // fingerprints of the first prompt of each
  std::unordered_map<Print, std::vector<std::uint32_t>> having_;
};

std::size_t different(std::vector<std::uint32_t> accounts) {
  std::ranges::sort(accounts);
  return static_cast<std::size_t>(std::unique(accounts.begin(), accounts.end()) - accounts.begin());
}

// Of a group: what four fifths of its prompts have, and enough accounts.
Prints shared_prints(std::vector<std::uint32_t> const& members, std::span<MinedPrompt const> prompts,
                     std::vector<Prints> const& prints, std::size_t min_accounts) {
  std::unordered_map<Print, std::vector<std::uint32_t>> accounts;
  for (auto const member : members)
    for (auto const print : prints[member]) accounts[print].push_back(prompts[member].account);
  Prints out;
  for (auto const& [print, of] : accounts)
    if (5 * of.size() >= 4 * members.size() && different(of) >= min_accounts) out.push_back(print);
  std::ranges::sort(out);
  return out;
}

}  // namespace

std::vector<AlikePrompts> alike_prompts(std::span<MinedPrompt const> prompts, std::size_t min_accounts) {
  Common const common(prompts, min_accounts);
  std::vector<Prints> prints;
  for (auto const& prompt : prompts) prints.push_back(common.of(prompt.text));
  std::vector<std::uint32_t> order(prompts.size());
  std::iota(order.begin(), order.end(), 0u);
  std::erase_if(order, [&](auto place) { return prints[place].size() < kLeastPrints; });
  std::ranges::sort(order, {}, [&](auto place) {
    return std::tuple(prints[place].size(), std::string_view(prompts[place].text), prompts[place].account);
  });
  Grouping grouping;
  for (auto const place : order) grouping.add(place, prints[place]);
  std::vector<AlikePrompts> out;
  for (auto const& members : grouping.groups()) {
    auto shared = shared_prints(members, prompts, prints, min_accounts);
    if (shared.size() >= kLeastPrints) out.push_back({members, std::move(shared)});
  }
  return out;
}

}  // namespace tocsin::client
