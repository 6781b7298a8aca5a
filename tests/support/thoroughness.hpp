// How much a test tries, by what its build costs: everything where the code is optimised, less where it is not, and a
// sample where a sanitizer watches each access. Values; any thread.
#pragma once

namespace tocsin::test {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

#if defined(__OPTIMIZE__)
inline constexpr bool kOptimised = true;
#else
inline constexpr bool kOptimised = false;
#endif

template <class T>
constexpr T by_build(T optimised, T plain, T sanitized) {
  if (kSanitized) return sanitized;
  return kOptimised ? optimised : plain;
}

}  // namespace tocsin::test
