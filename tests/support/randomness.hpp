// Random choices of a test that can be made again: the seed is printed, and TOCSIN_SEED sets it. Value type; one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace tocsin::test {

class Random {
 public:
  Random() : seed_(chosen()), engine_(seed_) {
    std::printf("TOCSIN_SEED=%llu\n", static_cast<unsigned long long>(seed_));
    std::fflush(stdout);
  }
  // Says nothing: who chose the seed prints it.
  explicit Random(std::uint64_t seed) : seed_(seed), engine_(seed) {}

  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  std::uint64_t number() { return engine_(); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class T>
  T const& pick(std::vector<T> const& from) {
    return from[below(from.size())];
  }

 private:
  static std::uint64_t chosen() {
    char const* given = std::getenv("TOCSIN_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  }

  std::uint64_t const seed_;
  std::mt19937_64 engine_;
};

// How often a test does something: the environment says it for long runs.
inline std::size_t count_from(char const* variable, std::size_t usual) {
  char const* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : usual;
}

}  // namespace tocsin::test
