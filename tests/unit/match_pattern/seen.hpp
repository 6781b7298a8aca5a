// Observations written shortly: `ab@5` is one at second 5 with an object of type a and one of type b, each with v = 1;
// `a@5-9x3` one that was made three times between the seconds 5 and 9. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schema/stix/json.hpp"
#include "server/match/pattern/pattern.hpp"

namespace tocsin::match::pattern::test {

struct Seen {
  std::deque<stix::Json> documents;  // outlive the observations; a deque, because they are pointed at
  std::vector<Observation> observations;

  // Objects of these types, each with v = 1.
  void add(std::string_view types, std::int64_t first, std::int64_t last, std::uint64_t times);
};

[[nodiscard]] Seen seen(std::string_view text);

// Nanoseconds of this second; 0 is 2026-01-01T00:00:00Z.
[[nodiscard]] std::int64_t second(double number);

// [a] in the text stands for [a:v = 1], {5} for the timestamp of second 5, JOIN n for n times [a] AND [b].
[[nodiscard]] std::string spelled_out(std::string_view text);

// The compiled pattern; the text must parse.
[[nodiscard]] std::expected<Pattern, Unsupported> compiled(std::string const& text);

}  // namespace tocsin::match::pattern::test
