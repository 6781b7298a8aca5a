#include "server/match/pattern/counter.hpp"

#include <algorithm>

namespace tocsin::match::pattern {
namespace {

// Of two instants in order; their difference may be more than an int64_t holds.
std::uint64_t between(std::int64_t early, std::int64_t late) {
  return static_cast<std::uint64_t>(late) - static_cast<std::uint64_t>(early);
}

}  // namespace

Verdict Counter::take(std::int64_t first, std::int64_t last, std::uint64_t times) {
  if (count_.width == kUnbounded) {
    total_ += std::min(times, count_.times - total_);
    return total_ >= count_.times ? Verdict::yes : Verdict::no;
  }
  if (between(first, last) >= count_.width) return Verdict::no;  // may not have been within any window
  times = std::min(times, count_.times);
  if (starts_.size() > kMostStarts) return Verdict::undecided;
  begin(first);
  total_ += times;
  for (auto& start : starts_) {
    if (between(start.at, last) < count_.width) break;
    start.missed += times;
    missed_ = true;
  }
  return enough() ? Verdict::yes : Verdict::no;
}

void Counter::begin(std::int64_t first) {
  while (!starts_.empty() && between(starts_.front().at, first) >= count_.width) starts_.pop_front();
  if (starts_.empty()) {
    missed_ = false;
    total_ = 0;
  }
  if (starts_.empty() || starts_.back().at != first) starts_.push_back({first, total_, 0});
}

// The earliest start has seen most, unless some of it came too late for it.
bool Counter::enough() const {
  auto const reached = [&](Start const& start) { return total_ - start.before - start.missed >= count_.times; };
  return missed_ ? std::ranges::any_of(starts_, reached) : reached(starts_.front());
}

}  // namespace tocsin::match::pattern
