// Who hit something, and what all of it says together: for each account, or each address where the log knows no
// account, the best evidence of each kind from each party, by the rule of server/match/fusion. Memory goes by those who
// hit, not by the length of the log. Owned by a scan; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clients/cpp/scan/known_indicators.hpp"

namespace tocsin::client {

// Requests that hit something.
struct Seen {
  std::uint64_t requests = 0;
  std::int64_t first_us = 0, last_us = 0;

  void add(std::int64_t at_us) { add({1, at_us, at_us}); }
  void add(Seen const& other);
};

struct Suspect {
  std::string name;
  bool is_address = false;  // the log knows no account
  Seen seen;
  match::Suggestion suggestion;
  std::vector<std::size_t> indicators;  // that it hit: the first 64, ascending
  std::optional<std::size_t> cluster;   // its place among the clusters; only of who has evidence of two kinds
};

// Suspects that have indicators in common, directly or by others of them.
struct Cluster {
  std::size_t accounts = 0;
  Seen seen;
  match::Action action = match::Action::none;  // the heaviest of theirs
  std::set<std::size_t> indicators;
};

struct Findings {
  std::vector<Suspect> suspects;  // with evidence of two kinds or more, the worst first
  std::vector<Suspect> others;    // who hit one kind of evidence alone: no reason to act
  std::vector<Cluster> clusters;  // of the suspects, the largest first
};

class Suspects {
 public:
  // A request of somebody that hit something.
  void add(std::string_view name, bool is_address, std::int64_t at_us, std::span<KnownHit const> hits);

  [[nodiscard]] Findings findings() const;

 private:
  // The best of each kind of evidence that each party has.
  using Best = std::map<std::pair<match::Party, match::Evidence>, match::Weighed>;
  static void add_voice(Best& all, match::Weighed const& hit, double weight);

  struct Tally {
    bool is_address = false;
    Seen seen;
    Best best;
    std::vector<std::size_t> indicators;
  };
  std::unordered_map<std::string, Tally> tallies_;
};

}  // namespace tocsin::client
