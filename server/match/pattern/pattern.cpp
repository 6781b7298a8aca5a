#include "server/match/pattern/pattern.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "server/match/pattern/plan.hpp"

namespace tocsin::match::pattern {
namespace {

Occurrence occurrence_of(Plan const& plan, Observation const& observation) {
  std::vector<bool> held(plan.tests.size());
  for (std::size_t test = 0; test < plan.tests.size(); ++test) held[test] = plan.tests[test].holds(observation);
  Occurrence out{observation.first(), observation.last(), std::vector<bool>(plan.leaves.size())};
  for (std::size_t leaf = 0; leaf < plan.leaves.size(); ++leaf)
    out.met[leaf] = held[plan.leaves[leaf].test] && plan.leaves[leaf].covers(out.first, out.last);
  return out;
}

}  // namespace

Pattern::Pattern(Plan plan, std::optional<std::vector<Key>> keys)
    : plan_(std::make_shared<Plan const>(std::move(plan))),
      keys_(std::make_shared<std::optional<std::vector<Key>> const>(std::move(keys))) {}

std::expected<Pattern, Unsupported> Pattern::compile(stix::pattern::Pattern const& pattern) {
  auto made = plan(pattern);
  if (!made) return std::unexpected(std::move(made.error()));
  return Pattern(std::move(*made), necessary_keys(pattern));
}

Verdict Pattern::matches(std::span<Observation const> observations) const {
  if (plan_->single) {
    bool const any = std::ranges::any_of(observations, [&](auto const& each) { return matches_singly(each); });
    return any ? Verdict::yes : Verdict::no;
  }
  std::vector<Observation const*> ordered;
  for (auto const& observation : observations) ordered.push_back(&observation);
  std::ranges::sort(ordered, {}, &Observation::first);
  Run run(*this);
  Verdict verdict = Verdict::no;
  for (auto const* observation : ordered) {
    verdict = run.take(*observation);
    if (verdict == Verdict::yes) break;
  }
  return verdict;
}

// Without a run and its memory: nothing before or after this observation matters.
bool Pattern::matches_singly(Observation const& observation) const {
  return std::ranges::any_of(plan_->alternatives, [&](Alternative const& alternative) {
    auto const& count = std::get<Count>(alternative);
    auto const& leaf = plan_->leaves[count.leaf];
    auto const spread =
        static_cast<std::uint64_t>(observation.last()) - static_cast<std::uint64_t>(observation.first());
    return spread < count.width && leaf.covers(observation.first(), observation.last()) &&
           plan_->tests[leaf.test].holds(observation);
  });
}

Run::Run(Pattern pattern) : pattern_(std::move(pattern)), now_(std::numeric_limits<std::int64_t>::min()) {
  for (auto const& alternative : pattern_.plan_->alternatives) {
    if (auto const* count = std::get_if<Count>(&alternative))
      alternatives_.emplace_back(Counter(*count));
    else
      alternatives_.emplace_back(Sweep(std::get<Rest>(alternative), pattern_.plan_->ordered));
  }
}

Verdict Run::take(Observation const& observation) {
  if (verdict_ == Verdict::yes || disordered_) return verdict_;
  disordered_ = observation.first() < now_;
  if (disordered_) return verdict_ = Verdict::undecided;
  now_ = observation.first();
  auto const occurrence = occurrence_of(*pattern_.plan_, observation);
  if (!occurrence.meets_any()) return verdict_;
  Verdict const verdict = take_each(observation, occurrence);
  if (verdict != Verdict::no) verdict_ = verdict;
  return verdict_;
}

// An alternative that matches decides, whatever became of the others.
Verdict Run::take_each(Observation const& observation, Occurrence const& occurrence) {
  Verdict out = Verdict::no;
  for (auto& alternative : alternatives_) {
    Verdict verdict = Verdict::no;
    if (auto* counter = std::get_if<Counter>(&alternative)) {
      if (occurrence.met[counter->leaf()])
        verdict = counter->take(occurrence.first, occurrence.last, observation.times());
    } else {
      verdict = std::get<Sweep>(alternative).take(occurrence, observation.times());
    }
    if (verdict == Verdict::yes) return verdict;
    if (verdict == Verdict::undecided) out = verdict;
  }
  return out;
}

}  // namespace tocsin::match::pattern
