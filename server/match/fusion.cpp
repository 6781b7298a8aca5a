#include "server/match/fusion.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace tocsin::match {
namespace {

constexpr std::size_t kEvidences = 5;
constexpr std::array<std::string_view, kEvidences> kEvidenceNames{"network", "name", "client", "identifier", "content"};
constexpr std::array<std::string_view, 6> kActionNames{"none", "observe", "challenge", "verify", "rate-limit", "block"};

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
  std::array<double, kEvidences> best{};
  std::array<Action, kEvidences> wanted{};
  std::array<bool, kEvidences> there{};
  for (auto const& hit : hits) {
    if (hit.score * hit.confidence <= 0) continue;  // nothing is left of it
    auto const at = static_cast<std::size_t>(hit.evidence);
    there[at] = true;
    best[at] = std::max(best[at], hit.score * hit.confidence);
    wanted[at] = std::max(wanted[at], hit.suggested);
  }
  Suggestion out;
  double nothing = 1;  // the chance that none of it holds
  for (std::size_t at = 0; at < kEvidences; ++at) {
    if (!there[at]) continue;
    out.evidence.push_back(static_cast<Evidence>(at));
    nothing *= 1 - best[at];
  }
  out.confidence = 1 - nothing;
  std::ranges::sort(wanted, std::greater<>());
  if (out.evidence.size() > 1) out.action = wanted[1];
  return out;
}

}  // namespace tocsin::match
