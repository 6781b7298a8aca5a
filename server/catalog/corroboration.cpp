#include "server/catalog/corroboration.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace tocsin::catalog {
namespace {

constexpr store::RowId kUnnamed = 0;  // all who are not named are one party: who they are must not show in a number
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

store::RowId Corroborations::party_of(store::ValueClaim const& claim) const {
  return claim.named ? directory_.party_of(claim.asserter) : kUnnamed;
}

Corroboration Corroborations::of(store::ValueClaims const& claims) {
  auto const first = first_of(claims.all);
  std::set<store::RowId> all, independent;
  for (auto const& claim : claims.all) {
    if (claim.revoked || (claim.valid_until_us && *claim.valid_until_us <= now_us_)) continue;
    all.insert(party_of(claim));
    if (!is_repeat(claim, first)) independent.insert(party_of(claim));
  }
  // Who is not named may be one of those who are.
  if (independent.size() > 1) independent.erase(kUnnamed);
  return {independent.size(), all.size() - independent.size(), claims.complete};
}

// Also what is revoked or over was there to be read.
Corroborations::FirstOfClass Corroborations::first_of(std::span<store::ValueClaim const> claims) const {
  std::vector<store::ValueClaim> in_order(claims.begin(), claims.end());
  std::ranges::sort(in_order, {}, &store::ValueClaim::since);
  FirstOfClass out;
  for (auto const& claim : in_order) {
    auto const [at, is_new] = out.try_emplace(claim.class_row, party_of(claim), claim.since, kNever);
    auto& first = at->second;
    if (!is_new && first.party != party_of(claim)) first.others = std::min(first.others, claim.since);
  }
  return out;
}

bool Corroborations::is_repeat(store::ValueClaim const& claim, FirstOfClass const& first) {
  auto const party = party_of(claim);
  return claim.relayed || std::ranges::any_of(first, [&](auto const& entry) {
           auto const& [class_row, said] = entry;
           return (said.party == party ? said.others : said.since) < claim.since && was_open_to(party, class_row);
         });
}

bool Corroborations::was_open_to(store::RowId party, store::RowId class_row) {
  auto const [at, is_new] = open_.try_emplace({party, class_row}, false);
  if (is_new) at->second = directory_.was_open_to(party, class_row);
  return at->second;
}

nlohmann::json to_json(Corroboration const& corroboration) {
  auto const organisations = corroboration.independent + corroboration.repeated;
  if (!corroboration.complete) return {{"organisations", organisations}, {"complete", false}};
  return {{"organisations", organisations},
          {"independent", corroboration.independent},
          {"repeated", corroboration.repeated},
          {"complete", true}};
}

}  // namespace tocsin::catalog
