// How many calls of a disk apart those are of which one fails. In an optimised build each call fails, in one of the
// ways that share a step; TOCSIN_FAULT_STEP=1 lets each fail in every way. One thread.
#pragma once

#include "tests/support/randomness.hpp"
#include "tests/support/thoroughness.hpp"

namespace tocsin::test {

inline std::uint64_t fault_step() { return count_from("TOCSIN_FAULT_STEP", by_build<std::size_t>(2, 5, 23)); }

}  // namespace tocsin::test
