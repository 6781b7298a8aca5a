// What is still to be observed for a pattern to match: the pattern itself at first, and less with each occurrence that
// is taken for a part of it (its derivative). A persistent tree; nodes are immutable and shared; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace tocsin::match::pattern {

// One time that something was observed, as the tests of a pattern see it. Instants in nanoseconds.
struct Occurrence {
  std::int64_t first;
  std::int64_t last;
  std::vector<bool> met;  // by leaf: its test holds, and the occurrence is between its START and STOP

  [[nodiscard]] bool meets_any() const { return std::ranges::find(met, true) != met.end(); }
};

struct Obligation;
using Rest = std::shared_ptr<Obligation const>;

// The same `times` over, each with occurrences of its own.
struct Part {
  Rest what;
  std::uint64_t times;
};

inline constexpr std::int64_t kAnyTime = std::numeric_limits<std::int64_t>::min();

struct Obligation {
  enum class Kind : std::uint8_t {
    leaf,      // one occurrence that meets the leaf
    any,       // one of the parts
    all,       // every part: AND, REPEATS
    sequence,  // the parts one after the other: FOLLOWEDBY
    window,    // the one part, everything less than `width` after the first
  };
  Kind kind;
  std::size_t leaf = 0;
  std::vector<Part> parts = {};
  std::uint64_t width = 0;                            // window: nanoseconds
  std::optional<std::int64_t> opened = std::nullopt;  // window: when the first of it was observed
  std::int64_t not_before = kAnyTime;                 // sequence: the earliest that its first part may take
  std::int64_t latest = kAnyTime;                     // sequence: the latest that its first part has taken
  std::uint64_t shape = 0;                            // equal for trees that differ in instants only
};

[[nodiscard]] Rest leaf(std::size_t number);
[[nodiscard]] Rest any_of(std::vector<Rest> parts);
[[nodiscard]] Rest all_of(std::vector<Part> parts);  // dissolves parts that are `all` themselves
[[nodiscard]] Rest sequence(std::vector<Rest> parts);
[[nodiscard]] Rest window(std::uint64_t width, Rest part);

// Appends what is left in each way to take this occurrence for a part, null where nothing is. Occurrences come in the
// order of `first`.
void derive(Rest const& rest, Occurrence const& occurrence, std::vector<Rest>& out);

// Nodes of the tree.
[[nodiscard]] std::size_t size_of(Obligation const& rest);

// True when a window can no longer be met by what is first seen at `now` or after.
[[nodiscard]] bool expired(Obligation const& rest, std::int64_t now);

// True when whatever would meet `worse` from now on would meet `better`. May be false where that is so, never true
// where it is not.
[[nodiscard]] bool as_easy(Obligation const& better, Obligation const& worse);

}  // namespace tocsin::match::pattern
