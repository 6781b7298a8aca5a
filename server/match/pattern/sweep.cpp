#include "server/match/pattern/sweep.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::match::pattern {
namespace {

constexpr std::size_t kFewHeld = 64;  // all of so few are compared with each other, else those of one shape

std::uint64_t capacity_of(Obligation const& rest) {
  if (rest.kind == Obligation::Kind::leaf) return 1;
  std::uint64_t sum = 0;
  for (auto const& part : rest.parts) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(capacity_of(*part.what), part.times, &product) ||
        __builtin_add_overflow(sum, product, &sum))
      return ~std::uint64_t{0};
  }
  return sum;
}

}  // namespace

Sweep::Sweep(Rest root, bool ordered)
    : ordered_(ordered), nodes_(size_of(*root)), capacity_(capacity_of(*root)), held_{std::move(root)} {}

Verdict Sweep::take(Occurrence occurrence, std::uint64_t times) {
  if (verdict_ != Verdict::no || !occurrence.meets_any()) return verdict_;
  steps_ = 0;
  times = std::min(times, capacity_);
  if (ordered_ && !together_.empty() && together_.front().occurrence.first == occurrence.first) {
    if (!join(occurrence, times)) return verdict_;
  } else {
    std::erase_if(held_, [&](Rest const& rest) { return expired(*rest, occurrence.first); });
    before_ = held_;
    together_.assign(1, {std::move(occurrence), times});
  }
  if (together_.size() == 1) {
    held_ = before_;
    take_repeatedly(together_.front().occurrence, together_.front().times);
  } else {
    take_in_any_order();
  }
  return verdict_;
}

// False when as many like it are there already as could be taken.
bool Sweep::join(Occurrence& occurrence, std::uint64_t times) {
  auto const same = std::ranges::find_if(together_, [&](Group const& group) {
    return group.occurrence.last == occurrence.last && group.occurrence.met == occurrence.met;
  });
  if (same == together_.end()) {
    together_.push_back({std::move(occurrence), times});
    return true;
  }
  if (same->times == capacity_) return false;
  same->times += std::min(times, capacity_ - same->times);
  return true;
}

void Sweep::take_repeatedly(Occurrence const& occurrence, std::uint64_t times) {
  for (std::uint64_t taken = 0; taken < times; ++taken)
    if (!take_once(occurrence)) return;
}

// Now or never: each obligation becomes what is left in each way to take the occurrence, and stays as it is beside
// that unless one of those is easier anyway. False when nothing more can be taken.
bool Sweep::take_once(Occurrence const& occurrence) {
  std::vector<Rest> next;
  std::vector<Rest> derived;
  bool any = false;
  for (auto const& rest : held_) {
    derived.clear();
    derive(rest, occurrence, derived);
    if (!spend(1 + derived.size())) return false;
    if (std::ranges::find(derived, nullptr) != derived.end()) {
      verdict_ = Verdict::yes;
      return false;
    }
    any = any || !derived.empty();
    if (std::ranges::none_of(derived, [&](Rest const& each) { return as_easy(each, rest); })) next.push_back(rest);
    next.insert(next.end(), derived.begin(), derived.end());
  }
  keep_easiest(next);
  held_ = std::move(next);
  return any && verdict_ == Verdict::no;
}

// FOLLOWEDBY allows equal instants, so each of these may come before each other: every subset of them, in every order
// that makes a difference, from what was held before.
void Sweep::take_in_any_order() {
  std::vector<Rest> all = before_;
  std::vector<Reached> here;
  for (auto const& rest : before_) here.push_back({rest, std::vector<std::uint64_t>(together_.size(), 0)});
  while (!here.empty() && verdict_ == Verdict::no) {
    std::vector<Reached> next;
    for (auto const& from : here) reach(from, next);
    keep_easiest(next);
    for (auto const& reached : next) all.push_back(reached.rest);
    if (all.size() > 16 * kMostHeld) verdict_ = Verdict::undecided;
    here = std::move(next);
  }
  if (verdict_ != Verdict::no) return;
  keep_easiest(all);
  held_ = std::move(all);
}

void Sweep::reach(Reached const& from, std::vector<Reached>& out) {
  std::vector<Rest> derived;
  for (std::size_t group = 0; group < together_.size() && verdict_ == Verdict::no; ++group) {
    if (from.used[group] == together_[group].times) continue;
    derived.clear();
    derive(from.rest, together_[group].occurrence, derived);
    if (!spend(1 + derived.size())) return;
    for (auto& rest : derived) {
      if (!rest) {
        verdict_ = Verdict::yes;
        return;
      }
      out.push_back({std::move(rest), from.used});
      ++out.back().used[group];
    }
  }
}

void Sweep::keep_easiest(std::vector<Rest>& held) {
  bool const few = held.size() <= kFewHeld;
  std::ranges::sort(held, {}, [](Rest const& rest) { return rest->shape; });
  std::vector<Rest> kept;
  for (auto& rest : held) {
    auto const comparable = [&](Rest const& other) { return few || other->shape == rest->shape; };
    auto const beaten_by = [&](Rest const& other) { return comparable(other) && as_easy(other, rest); };
    if (std::ranges::any_of(kept, beaten_by)) continue;
    std::erase_if(kept, [&](Rest const& other) { return comparable(other) && as_easy(rest, other); });
    kept.push_back(std::move(rest));
    if (verdict_ != Verdict::no) return;
  }
  if (kept.size() > kMostHeld) verdict_ = Verdict::undecided;
  held = std::move(kept);
}

void Sweep::keep_easiest(std::vector<Reached>& reached) {
  std::ranges::sort(reached, [](Reached const& left, Reached const& right) { return left.used < right.used; });
  std::vector<Reached> kept;
  std::size_t run = 0;  // where those begin that used the same
  for (auto& each : reached) {
    if (!kept.empty() && kept.back().used != each.used) run = kept.size();
    auto const alike = std::ranges::subrange(kept.begin() + static_cast<std::ptrdiff_t>(run), kept.end());
    if (std::ranges::any_of(alike, [&](Reached const& other) { return as_easy(other.rest, each.rest); })) continue;
    kept.push_back(std::move(each));
    if (verdict_ != Verdict::no) return;
  }
  reached = std::move(kept);
}

bool Sweep::as_easy(Rest const& better, Rest const& worse) { return spend(1) && pattern::as_easy(*better, *worse); }

// False when no more may be done for this occurrence.
bool Sweep::spend(std::size_t obligations) {
  steps_ += obligations * nodes_;
  if (steps_ > kMostSteps) verdict_ = Verdict::undecided;
  return steps_ <= kMostSteps;
}

}  // namespace tocsin::match::pattern
