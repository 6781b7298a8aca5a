// What keeps a list that is suddenly empty, older, or quite another size, from taking the place of a good one. Pure;
// any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

struct GuardLimits {
  bool accept_empty = false;
  bool accept_older = false;
  std::size_t max_shrink = 50;   // percent of the values there were
  std::size_t max_growth = 400;  // likewise
};

// Why a list of `after` values may not replace one of `before`, with the option that lets it; Exit::unverified. A
// change of up to a hundred values is none to worry about, unless nothing is left.
[[nodiscard]] std::optional<Failure> objection(std::size_t before, std::size_t after, GuardLimits const& limits);

// Why a list that was true at `after` (microseconds, by the clock of the server) may not replace one that was so at
// `before`; Exit::unverified. Some seconds are none to worry about: clocks are put right.
[[nodiscard]] std::optional<Failure> objection_to_age(std::int64_t before, std::int64_t after,
                                                      GuardLimits const& limits);

// Likewise of the numbers that an instance signed: it gives each out once, and whatever its clock does none but greater
// ones after that.
[[nodiscard]] std::optional<Failure> objection_to_generation(std::uint64_t before, std::uint64_t after,
                                                             GuardLimits const& limits);

}  // namespace tocsin::client
