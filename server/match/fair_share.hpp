// What is taken of many things when there is no room for all: whoever brings the most of them must not leave the others
// without. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tocsin::match {

// The places of `most` of them, or of all, ascending. `parties` has whose each is, of whom there is at least one: the
// parties are served in turn, each with the first of its own that is not taken yet.
[[nodiscard]] std::vector<std::size_t> fair_share(std::span<std::vector<std::int64_t> const> parties, std::size_t most);

}  // namespace tocsin::match
