#include "server/base/limiter.hpp"

#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace tocsin::base;
using namespace std::chrono_literals;

namespace {
std::chrono::steady_clock::time_point const kStart{1h};
}

TEST_CASE("a bucket gives its burst at once, then its rate", "[base][limiter]") {
  Limiter limiter(10, 3);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter.take(1, 1, kStart));
  CHECK(limiter.take(1, 1, kStart) == 100ms);
  CHECK(limiter.take(1, 1, kStart + 99ms) == 1ms);
  CHECK_FALSE(limiter.take(1, 1, kStart + 100ms));
  CHECK(limiter.take(1, 1, kStart + 100ms) == 100ms);
}

TEST_CASE("a changed rate holds from the next taking on, and what was taken stays taken", "[base][limiter]") {
  Limiter limiter(0, 0);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(limiter.take(1, 1, kStart));
  limiter.set_rate(10, 3);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter.take(1, 1, kStart));
  CHECK(limiter.take(1, 1, kStart) == 100ms);
  limiter.set_rate(100, 30);
  CHECK_FALSE(limiter.take(2, 30, kStart));
  CHECK(limiter.take(1, 1, kStart) == 10ms);
  limiter.set_rate(0, 0);
  CHECK_FALSE(limiter.take(1, 1'000, kStart));
}

TEST_CASE("a refusal takes nothing, and says when the same taking succeeds", "[base][limiter]") {
  Limiter limiter(1, 10);
  CHECK_FALSE(limiter.take(1, 8, kStart));
  for (int i = 0; i < 50; ++i) CHECK(limiter.take(1, 5, kStart) == 3s);
  CHECK_FALSE(limiter.take(1, 2, kStart));
  CHECK_FALSE(limiter.take(1, 5, kStart + 5s));
}

TEST_CASE("a rest never saves more than the burst", "[base][limiter]") {
  Limiter limiter(10, 2);
  CHECK_FALSE(limiter.take(1, 2, kStart));
  CHECK_FALSE(limiter.take(1, 2, kStart + 24h));
  CHECK(limiter.take(1, 1, kStart + 24h).has_value());
}

TEST_CASE("a cost above the burst asks for a full bucket, and empties it", "[base][limiter]") {
  Limiter limiter(1, 4);
  CHECK_FALSE(limiter.take(1, 1'000, kStart));
  CHECK(limiter.take(1, 1'000, kStart) == 4s);
  CHECK(limiter.take(1, 1, kStart) == 1s);
}

TEST_CASE("keys do not share a bucket", "[base][limiter]") {
  Limiter limiter(1, 1);
  for (std::uint64_t key = 0; key < 1'000; ++key) CHECK_FALSE(limiter.take(key, 1, kStart));
  CHECK(limiter.take(7, 1, kStart) == 1s);
}

TEST_CASE("no rate means no limit and no memory; a cost of nothing is free", "[base][limiter]") {
  Limiter off(0, 0);
  for (std::uint64_t key = 0; key < 100; ++key) CHECK_FALSE(off.take(key, 1e9, kStart));
  CHECK(off.keys() == 0);
  Limiter limiter(1, 1);
  CHECK_FALSE(limiter.take(1, 1, kStart));
  CHECK_FALSE(limiter.take(1, 0, kStart));
}

TEST_CASE("a clock that seems to go back gives nothing away", "[base][limiter]") {
  Limiter limiter(1, 2);
  CHECK_FALSE(limiter.take(1, 2, kStart));
  CHECK(limiter.take(1, 1, kStart - 10s) == 11s);
}

TEST_CASE("memory is bounded, full buckets are forgotten first, and busy ones are kept", "[base][limiter]") {
  Limiter limiter(1, 1'000, 640);
  CHECK_FALSE(limiter.take(0, 1'000, kStart));  // the emptiest of all
  for (std::uint64_t key = 1; key < 50'000; ++key) CHECK_FALSE(limiter.take(key, 1, kStart));
  CHECK(limiter.keys() <= 640);
  CHECK(limiter.take(0, 1, kStart) == 1s);
}

TEST_CASE("threads together get no more than one would", "[base][limiter]") {
  Limiter limiter(1, 500);
  std::atomic<int> granted = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 400; ++i)
          if (!limiter.take(9, 1, kStart)) ++granted;
      });
  }
  CHECK(granted == 500);
}
