#include "server/match/fusion.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace tocsin::match {
namespace {

constexpr std::size_t kEvidences = 5;
constexpr std::array<std::string_view, kEvidences> kEvidenceNames{"network", "name", "client", "identifier", "content"};
constexpr std::array<std::string_view, 6> kActionNames{"none", "observe", "challenge", "verify", "rate-limit", "block"};

// What one party says by each kind of evidence.
struct Voice {
  std::array<double, kEvidences> best{};
  std::array<Action, kEvidences> wanted{};

  void add(Weighed const& hit) {
    auto const at = static_cast<std::size_t>(hit.evidence);
    best[at] = std::max(best[at], hit.score * hit.confidence);
    wanted[at] = std::max(wanted[at], hit.suggested);
  }
};
using Voices = std::map<std::pair<Party, Evidence>, Voice>;

// Of the hits that something is left of. The asker has a voice for each kind, everybody else one. Beside those who are
// named, those who are not are not heard.
Voices voices_of(std::span<Weighed const> hits, bool named) {
  Voices out;
  for (auto const& hit : hits) {
    if (hit.party != kOneself && (hit.party != kUnnamed) != named) continue;
    out[{hit.party, hit.party == kOneself ? hit.evidence : Evidence::network}].add(hit);
  }
  return out;
}

// Of all ways in which each party speaks for one kind, and for each kind one party, the one that says most.
double confidence_of(Voices const& voices) {
  std::array<double, 1U << kEvidences> nothing;  // by the kinds that were spoken for: the chance that none of it holds
  nothing.fill(1);
  for (auto const& [who, voice] : voices)
    for (auto kinds = nothing.size(); kinds-- > 1;)  // downwards: what is left without one kind is of those before
      for (std::size_t at = 0; at < kEvidences; ++at)
        if ((kinds >> at & 1) != 0)
          nothing[kinds] = std::min(nothing[kinds], nothing[kinds ^ std::size_t{1} << at] * (1 - voice.best[at]));
  return 1 - nothing.back();
}

// Two kinds of evidence and two parties that want as much: then one party wants it by one kind, and another by another.
bool agree(Voices const& voices, Action action) {
  std::bitset<kEvidences> kinds;
  std::size_t parties = 0;
  for (auto const& [who, voice] : voices) {
    bool wants = false;
    for (std::size_t at = 0; at < kEvidences; ++at)
      if (voice.wanted[at] >= action) kinds.set(at), wants = true;
    parties += wants ? 1U : 0U;
  }
  return kinds.count() > 1 && parties > 1;
}

Action action_of(Voices const& voices) {
  for (auto action = Action::block; action > Action::none; action = static_cast<Action>(std::to_underlying(action) - 1))
    if (agree(voices, action)) return action;
  return Action::none;
}

}  // namespace

Evidence evidence_of(Field field) {
  switch (field) {
    case Field::address:
    case Field::asn:
      return Evidence::network;
    case Field::domain:
    case Field::email_domain:
      return Evidence::name;
    case Field::ja3:
    case Field::ja4:
    case Field::ja4h:
    case Field::user_agent:
      return Evidence::client;
    case Field::identifier:
      return Evidence::identifier;
    case Field::prompt:
      break;
  }
  return Evidence::content;
}

std::string_view name(Evidence evidence) { return kEvidenceNames[static_cast<std::size_t>(evidence)]; }

std::string_view name(Action action) { return kActionNames[static_cast<std::size_t>(action)]; }

Action action_of(std::string_view suggested) {
  auto const found = std::ranges::find(kActionNames, suggested);
  return found == kActionNames.end() ? Action::none : static_cast<Action>(found - kActionNames.begin());
}

Suggestion weigh(std::span<Weighed const> hits) {
  std::vector<Weighed> left;
  std::ranges::copy_if(hits, std::back_inserter(left), [](auto const& hit) { return hit.score * hit.confidence > 0; });
  std::set<Evidence> kinds;
  for (auto const& hit : left) kinds.insert(hit.evidence);
  Suggestion out;
  out.evidence.assign(kinds.begin(), kinds.end());
  for (bool const named : {true, false}) {
    auto const voices = voices_of(left, named);
    out.confidence = std::max(out.confidence, confidence_of(voices));
    out.action = std::max(out.action, action_of(voices));
  }
  return out;
}

}  // namespace tocsin::match
