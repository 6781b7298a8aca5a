#include "clients/cpp/feed/guard.hpp"

#include "clients/cpp/console.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kSmall = 100;
constexpr std::int64_t kPutRightUs = 10'000'000;  // that a clock may go back

std::string change_of(std::size_t before, std::size_t after) {
  return "The feed has " + counted(after, "entry", "entries") + ", and the file has " + grouped(before);
}

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

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

std::optional<Failure> objection_to_age(std::int64_t before, std::int64_t after, GuardLimits const& limits) {
  if (limits.accept_older || after >= before - kPutRightUs) return std::nullopt;
  return Failure{Exit::unverified,
                 "The list is of " + time_text(after) + ", and the server has told of one of " + time_text(before) +
                     ": the file stays as it is.",
                 "Run the command again; if this goes on, see what keeps copies between you and the server. If the "
                 "server's clock was ahead, or it is another server: --accept-older."};
}

std::optional<Failure> objection_to_generation(std::uint64_t before, std::uint64_t after, GuardLimits const& limits) {
  if (limits.accept_older || after >= before) return std::nullopt;
  return Failure{Exit::unverified,
                 "The list was signed as generation " + std::to_string(after) + ", and the server has signed " +
                     std::to_string(before) + " before: the file stays as it is.",
                 "Run the command again; if this goes on, see what hands out old answers between you and the server. "
                 "If the instance was moved or restored without its file feed-generation: --accept-older."};
}

}  // namespace tocsin::client
