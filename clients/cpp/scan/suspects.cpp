#include "clients/cpp/scan/suspects.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace tocsin::client {
namespace {

constexpr std::size_t kMostIndicators = 64;  // of one suspect that are told
constexpr std::size_t kMostVoices = 64;      // that speak of one suspect: the first

// Which indicators hang together: each leads to another, or to itself.
class Ties {
 public:
  // Without recursion: a chain may be as long as there are indicators.
  std::size_t root(std::size_t one) {
    auto at = next_.emplace(one, one).first;
    while (at->second != at->first) {
      auto const behind = next_.find(at->second);
      at->second = behind->second;
      at = behind;
    }
    return at->first;
  }
  void tie(std::size_t one, std::size_t other) { next_[root(one)] = root(other); }

 private:
  std::map<std::size_t, std::size_t> next_;
};

bool is_worse(Suspect const& one, Suspect const& other) {
  return std::tuple(other.suggestion.action, other.suggestion.confidence, other.seen.requests, one.name) <
         std::tuple(one.suggestion.action, one.suggestion.confidence, one.seen.requests, other.name);
}

void add_to(Cluster& cluster, Suspect const& suspect) {
  ++cluster.accounts;
  cluster.seen.add(suspect.seen);
  cluster.action = std::max(cluster.action, suspect.suggestion.action);
  cluster.indicators.insert(suspect.indicators.begin(), suspect.indicators.end());
}

void find_clusters(Findings& findings) {
  Ties ties;
  for (auto const& one : findings.suspects)
    for (auto const indicator : one.indicators) ties.tie(one.indicators.front(), indicator);
  std::map<std::size_t, Cluster> by_root;
  for (auto const& one : findings.suspects) add_to(by_root[ties.root(one.indicators.front())], one);
  std::vector<std::pair<std::size_t, Cluster>> ordered(by_root.begin(), by_root.end());
  std::ranges::sort(ordered, std::ranges::greater(),
                    [](auto const& one) { return std::pair(one.second.accounts, one.first); });
  std::map<std::size_t, std::size_t> place;
  for (auto& [root, cluster] : ordered) {
    place[root] = findings.clusters.size();
    findings.clusters.push_back(std::move(cluster));
  }
  for (auto& one : findings.suspects) one.cluster = place.at(ties.root(one.indicators.front()));
}

}  // namespace

void Seen::add(Seen const& other) {
  first_us = requests == 0 ? other.first_us : std::min(first_us, other.first_us);
  last_us = requests == 0 ? other.last_us : std::max(last_us, other.last_us);
  requests += other.requests;
}

void Suspects::add_voice(Best& all, match::Weighed const& hit, double weight) {
  std::pair const voice{hit.party, hit.evidence};
  if (all.size() >= kMostVoices && !all.contains(voice)) return;
  auto& best = all[voice];
  best = {hit.evidence, hit.party, std::max(best.score, weight), 1, std::max(best.suggested, hit.suggested)};
}

void Suspects::add(std::string_view name, bool is_address, std::int64_t at_us, std::span<KnownHit const> hits) {
  // An account may be called as an address is.
  auto& tally = tallies_[std::string(is_address ? "@" : "=") + std::string(name)];
  tally.is_address = is_address;
  tally.seen.add(at_us);
  for (auto const& hit : hits) {
    auto const weight = hit.weighed.score * hit.weighed.confidence;
    if (weight <= 0) continue;  // nothing is left of it
    add_voice(tally.best, hit.weighed, weight);
    auto const place = std::ranges::lower_bound(tally.indicators, hit.indicator);
    bool const known = place != tally.indicators.end() && *place == hit.indicator;
    if (!known && tally.indicators.size() < kMostIndicators) tally.indicators.insert(place, hit.indicator);
  }
}

Findings Suspects::findings() const {
  Findings out;
  for (auto const& [name, tally] : tallies_) {
    std::vector<match::Weighed> said;
    for (auto const& [voice, best] : tally.best) said.push_back(best);
    Suspect one{name.substr(1), tally.is_address, tally.seen, match::weigh(said), tally.indicators, {}};
    if (one.suggestion.evidence.empty()) continue;
    (one.suggestion.evidence.size() > 1 ? out.suspects : out.others).push_back(std::move(one));
  }
  std::ranges::sort(out.suspects, is_worse);
  std::ranges::sort(out.others, is_worse);
  find_clusters(out);
  return out;
}

}  // namespace tocsin::client
