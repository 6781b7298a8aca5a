#include "clients/cpp/feed/trial.hpp"

#include <algorithm>

#include "clients/cpp/scan/record_item.hpp"

namespace tocsin::client {

bool Trial::has_second_kind(logs::AccessRecord const& record) {
  auto const hits = known_.hits_of(item_of(record, nullptr, known_.has_templates()));
  return std::ranges::any_of(hits, [](KnownHit const& hit) {
    return hit.weighed.evidence != match::Evidence::network && hit.weighed.score * hit.weighed.confidence > 0;
  });
}

void Trial::take(logs::AccessRecord const& record) {
  if (!record.address) ++without_address_;
  bool const hit = record.address && listed_.has(*record.address);
  if (hit) seen_.add(record.at_us);
  if (record.account.empty()) {
    if (hit) ++nobodys_hit_;
    if (hit && !has_second_kind(record)) ++nobodys_of_one_kind_;
    return;
  }
  auto& account = accounts_[record.account];
  ++account.requests;
  if (hit) ++account.hit;
  account.second_kind = account.second_kind || has_second_kind(record);
}

Trial::Counts Trial::hit() const {
  Counts out{.requests = nobodys_hit_, .accounts = 0};
  for (auto const& [name, account] : accounts_) {
    out.requests += account.hit;
    if (account.hit > 0) ++out.accounts;
  }
  return out;
}

Trial::Counts Trial::of_one_kind() const {
  Counts out{.requests = nobodys_of_one_kind_, .accounts = 0};
  for (auto const& [name, account] : accounts_) {
    if (account.second_kind || account.hit == 0) continue;
    out.requests += account.hit;
    ++out.accounts;
  }
  return out;
}

std::vector<std::pair<std::string, Trial::Account>> Trial::most_hit(std::size_t count) const {
  std::vector<std::pair<std::string, Account>> out;
  for (auto const& one : accounts_)
    if (one.second.hit > 0) out.emplace_back(one);
  std::ranges::sort(out, [](auto const& a, auto const& b) {
    return a.second.hit != b.second.hit ? a.second.hit > b.second.hit : a.first < b.first;
  });
  if (out.size() > count) out.resize(count);
  return out;
}

}  // namespace tocsin::client
