#include "server/ledger/generations.hpp"

#include <limits>
#include <stdexcept>

#include "tests/support/catch.hpp"

using tocsin::ledger::Generations;

TEST_CASE("a stamp changes exactly when something inside its stretch does", "[ledger][generations]") {
  Generations generations;
  auto inside = generations.stamp(0, 5'000), outside = generations.stamp(10'000, 20'000);
  generations.touch(3'000);
  CHECK(generations.stamp(0, 5'000) != inside);
  CHECK(generations.stamp(10'000, 20'000) == outside);
  CHECK(generations.stamp(0, std::numeric_limits<std::int64_t>::max() - 1) != inside);
}

TEST_CASE("growth is told by collection", "[ledger][generations]") {
  Generations generations;
  auto one = generations.growth(1), two = generations.growth(2);
  generations.grow(1);
  CHECK(generations.growth(1) != one);
  CHECK(generations.growth(2) == two);
}

TEST_CASE("sequences far apart have counters of their own", "[ledger][generations]") {
  Generations generations;
  generations.touch(std::int64_t{10'000'000'000});
  CHECK(generations.stamp(0, 1'000) == 0);
  CHECK(generations.stamp(9'999'999'000, 10'000'001'000) == 1);
}

TEST_CASE("a sequence beyond all that can be told apart is refused and changes no stamp", "[ledger][generations]") {
  Generations generations;
  CHECK_THROWS_AS(generations.touch(std::numeric_limits<std::int64_t>::max()), std::length_error);
  CHECK(generations.stamp(0, std::numeric_limits<std::int64_t>::max() - 1) == 0);
}
