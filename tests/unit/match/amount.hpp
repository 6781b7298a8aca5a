// How much the tests of this folder try: TOCSIN_LOOKUPS sets it for long runs.
#pragma once

#include <cstddef>

#include "tests/support/randomness.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOCSIN_SLOW_BUILD
#endif
#endif

namespace tocsin::test {

#if defined(TOCSIN_SLOW_BUILD)
inline constexpr std::size_t kLookups = 100'000;
#elif !defined(__OPTIMIZE__)
inline constexpr std::size_t kLookups = 500'000;
#else
inline constexpr std::size_t kLookups = 10'000'000;
#endif

inline std::size_t lookups() { return count_from("TOCSIN_LOOKUPS", kLookups); }

}  // namespace tocsin::test
