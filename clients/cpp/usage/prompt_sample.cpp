#include "clients/cpp/usage/prompt_sample.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "clients/cpp/usage/digest.hpp"

namespace tocsin::client {
namespace {

// Which of some things belong together.
class Groups {
 public:
  explicit Groups(std::size_t count) : above_(count) { std::iota(above_.begin(), above_.end(), std::size_t{0}); }

  [[nodiscard]] std::size_t of(std::size_t one) {
    while (above_[one] != one) one = above_[one] = above_[above_[one]];
    return one;
  }
  void join(std::size_t one, std::size_t other) { above_[of(one)] = of(other); }

  // Of how they spread over their groups, in bits.
  [[nodiscard]] double entropy() {
    std::vector<std::size_t> sizes(above_.size());
    for (std::size_t i = 0; i < above_.size(); ++i) ++sizes[of(i)];
    double out = 0;
    for (auto const size : sizes) {
      auto const share = static_cast<double>(size) / static_cast<double>(above_.size());
      if (size > 0) out -= share * std::log2(share);
    }
    return std::max(out, 0.0);
  }

 private:
  std::vector<std::size_t> above_;
};

}  // namespace

std::string looked_at(std::string_view prompt) {
  constexpr std::size_t kHead = 4'096, kTail = 2'048;
  if (prompt.size() <= kHead + kTail) return std::string(prompt);
  // A sign between them, so that no three words are read across the cut.
  return std::string(prompt.substr(0, kHead)) + "{}" + std::string(prompt.substr(prompt.size() - kTail));
}

void PromptSample::add(std::uint64_t account, std::int64_t at_us, std::string_view prompt) {
  auto const key = spread(digest(prompt) ^ spread(account + static_cast<std::uint64_t>(at_us)));
  if (least_.size() == kMost && key >= least_.rbegin()->first) return;
  least_.emplace(key, Prompt{account, kinds::prints_of(looked_at(prompt))});
  if (least_.size() > kMost) least_.erase(std::prev(least_.end()));
}

std::optional<PromptSample::Structures> PromptSample::structures() const {
  auto const count = least_.size();
  if (count < kLeast) return std::nullopt;
  Groups groups(count);
  std::vector<std::uint64_t> accounts;
  std::vector<bool> repeated(count);
  std::unordered_map<kinds::Print, std::vector<std::uint32_t>> having;  // of the prompts before
  std::vector<std::uint32_t> shared(count);
  for (auto const& [_, prompt] : least_) {
    auto const number = accounts.size();
    accounts.push_back(prompt.account);
    std::fill_n(shared.begin(), number, 0u);
    for (auto const print : prompt.prints) {
      auto& before = having[print];
      for (auto const other : before) ++shared[other];
      before.push_back(static_cast<std::uint32_t>(number));
    }
    for (std::size_t other = 0; other < number; ++other) {
      if (shared[other] < kAlike) continue;
      groups.join(number, other);
      if (accounts[other] != prompt.account) repeated[number] = repeated[other] = true;
    }
  }
  auto const alike = static_cast<double>(std::ranges::count(repeated, true));
  return Structures{alike / static_cast<double>(count), groups.entropy(),
                    std::ranges::any_of(accounts, [&](auto account) { return account != accounts.front(); })};
}

}  // namespace tocsin::client
