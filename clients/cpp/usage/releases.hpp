// Whether requests moved to a model when it was released. Owned by a meter; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/usage/window.hpp"

namespace tocsin::client {

struct Release {
  std::string model;  // as the log names it
  std::int64_t at_us = 0;
};

// Lines MODEL,TIME, of which the first may be the header `model,released`; in order of time. Failure: Exit::local, with
// the number of the line.
[[nodiscard]] Outcome<std::vector<Release>> parse_releases(std::string_view text);

struct Pivot {
  Release release;
  double share = 0;          // of the requests of the day after the release those to the model
  std::int64_t seconds = 0;  // from the release to the first hour in which it had at least half of that share
};

class Pivots {
 public:
  static constexpr std::uint64_t kLeast = 100;  // requests in the day after a release

  // `releases` in order of time.
  explicit Pivots(std::vector<Release> releases);

  void add(std::string_view model, std::int64_t at_us);

  // That of the greatest share, the earlier one of two alike. nullopt: no release whose day lies in the window, with
  // 100 requests on it, was followed by any.
  [[nodiscard]] std::optional<Pivot> greatest(Window const& window) const;

 private:
  static constexpr std::size_t kHours = 24;
  struct Day {
    Release release;
    std::array<std::uint64_t, kHours> all{}, to_model{};
  };
  [[nodiscard]] static Pivot pivot_of(Day const& day, std::uint64_t all, std::uint64_t to_model);

  std::vector<Day> days_;
};

}  // namespace tocsin::client
