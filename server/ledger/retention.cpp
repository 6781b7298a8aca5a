#include "server/ledger/retention.hpp"

#include <algorithm>

namespace tocsin::ledger {

std::vector<store::RetentionRule> rules_at(std::span<RetentionPeriod const> periods, std::int64_t now_us) {
  constexpr std::int64_t kDayUs = std::int64_t{86'400} * 1'000'000;
  std::vector<store::RetentionRule> out{{"", now_us}};
  for (auto const& period : periods)
    if (period.days > 0) out.push_back({period.kind, now_us - period.days * kDayUs});
  return out;
}

std::int64_t overdue_us(std::span<store::RetentionRule const> rules, std::span<store::Due const> due) {
  std::int64_t out = 0;
  for (std::size_t i = 0; i < rules.size() && i < due.size(); ++i)
    if (due[i].oldest_us) out = std::max(out, rules[i].until_us - *due[i].oldest_us);
  return out;
}

}  // namespace tocsin::ledger
