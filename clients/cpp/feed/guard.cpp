#include "clients/cpp/feed/guard.hpp"

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kSmall = 100;

std::string change_of(std::size_t before, std::size_t after) {
  return "The feed has " + counted(after, "entry", "entries") + ", and the file has " + grouped(before);
}

}  // namespace

std::optional<Failure> objection(std::size_t before, std::size_t after, GuardLimits const& limits) {
  if (after == 0 && before > 0 && !limits.accept_empty)
    return Failure{Exit::unverified, change_of(before, after) + ": the file stays as it is.",
                   "See with tocsin why VALUE what became of one of them. If the list is meant to be empty: "
                   "--accept-empty."};
  if (after == 0) return std::nullopt;
  if (before > after + kSmall && after * 100 < before * (100 - limits.max_shrink))
    return Failure{Exit::unverified,
                   change_of(before, after) + ", which is more than " + std::to_string(limits.max_shrink) +
                       " % fewer: the file stays as it is.",
                   "If so many are meant to go: --max-shrink 100."};
  if (before > 0 && after > before + kSmall && after * 100 > before * (100 + limits.max_growth))
    return Failure{Exit::unverified,
                   change_of(before, after) + ", which is more than " + std::to_string(limits.max_growth) +
                       " % more: the file stays as it is.",
                   "If so many are meant to come, say how many percent may: --max-growth " +
                       std::to_string((after - before) * 100 / before + 1) + "."};
  return std::nullopt;
}

}  // namespace tocsin::client
