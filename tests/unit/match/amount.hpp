// How much the tests of this folder try: TOCSIN_LOOKUPS sets it for long runs.
#pragma once

#include <cstddef>

#include "tests/support/randomness.hpp"
#include "tests/support/thoroughness.hpp"

namespace tocsin::test {

inline constexpr std::size_t kLookups = by_build<std::size_t>(10'000'000, 500'000, 100'000);

inline std::size_t lookups() { return count_from("TOCSIN_LOOKUPS", kLookups); }

}  // namespace tocsin::test
