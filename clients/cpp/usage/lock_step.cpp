#include "clients/cpp/usage/lock_step.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_map>

namespace tocsin::client {

void LockStep::add(std::uint64_t account, std::int64_t minute) {
  if (bound_ && account >= *bound_) return;
  auto& minutes = accounts_[account];
  // Logs are nearly in order of time, so this looks at the last ones first.
  auto at = minutes.end();
  while (at != minutes.begin() && std::prev(at)->minute > minute) --at;
  if (at != minutes.begin() && std::prev(at)->minute == minute) {
    ++std::prev(at)->requests;
    return;
  }
  minutes.insert(at, {minute, 1});
  for (++kept_; kept_ > most_ && accounts_.size() > 1;) {
    auto const last = std::prev(accounts_.end());
    bound_ = last->first;
    kept_ -= last->second.size();
    accounts_.erase(last);
  }
}

// With counts brought to mean 0 and variance 1, the variance of their sum is n + n(n−1)r, where r is the mean of the
// correlations: so no two accounts need be compared.
std::optional<double> LockStep::coefficient(Window const& window) const {
  auto const all = static_cast<double>(window.minutes);
  std::unordered_map<std::int64_t, double> sums;  // by minute, before the means are taken off
  double accounts = 0, mean = 0;
  for (auto const& [_, minutes] : accounts_) {
    double requests = 0, squares = 0;
    for (auto const& busy : minutes) {
      requests += busy.requests;
      squares += static_cast<double>(busy.requests) * busy.requests;
    }
    auto const variance = squares / all - (requests / all) * (requests / all);
    if (requests < kLeastRequests || variance <= 0) continue;
    auto const deviation = std::sqrt(variance);
    ++accounts;
    mean += requests / all / deviation;
    for (auto const& busy : minutes) sums[busy.minute] += busy.requests / deviation;
  }
  if (accounts < kLeastAccounts || window.minutes < 2) return std::nullopt;
  double total = (all - static_cast<double>(sums.size())) * mean * mean;
  for (auto const& [_, sum] : sums) total += (sum - mean) * (sum - mean);
  return std::clamp((total / all - accounts) / (accounts * (accounts - 1)), 0.0, 1.0);
}

}  // namespace tocsin::client
