#include "server/federation/pace.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::federation;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

TEST_CASE("waiting after errors doubles from a second to five minutes, half of it by chance", "[federation][pace]") {
  for (auto const& [chance, part] : {std::pair{0.0, 0.5}, {0.5, 0.75}}) {
    BackOff back_off([chance] { return chance; });
    for (auto const longest : {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 64'000, 128'000, 256'000, 300'000, 300'000})
      CHECK(back_off.failed().count() == static_cast<std::int64_t>(longest * part));
    back_off.succeeded();
    CHECK(back_off.failed().count() == static_cast<std::int64_t>(1'000 * part));
  }
}

TEST_CASE("an hour's worth may be taken at once, and a minute's worth is waited for", "[federation][pace]") {
  Quota quota(600, 1, 0);
  CHECK(quota.entries(0) == 600);
  quota.take(600, 0);
  CHECK(quota.entries(0) == 0);
  CHECK(quota.wait() > 59s);
  CHECK(quota.wait() < 61s);
  CHECK(quota.entries(kMinute / 2) == 0);
  CHECK(quota.entries(kMinute + 1'000) == 10);
  CHECK(quota.entries(200 * kMinute) == 600);
}

TEST_CASE("an answer that is larger than what was left is paid for before the next one", "[federation][pace]") {
  Quota quota(1'000'000, 60, 0);
  quota.take(1, 120u << 20);
  CHECK(quota.entries(30 * kMinute) == 0);
  CHECK(quota.entries(62 * kMinute) > 0);
}

TEST_CASE("of what nothing was agreed nothing is taken", "[federation][pace]") {
  Quota none(0, 256, 0), no_bytes(10'000, 0, 0);
  CHECK(none.entries(600 * kMinute) == 0);
  CHECK(none.wait() == 1h);
  CHECK(no_bytes.entries(600 * kMinute) == 0);
}

TEST_CASE("fewer objects are handed in together when that took long, and more when it took a moment",
          "[federation][pace]") {
  Turn turn(64, 256);
  CHECK(turn.objects() == 64);
  turn.took(5ms, 3);  // there were no more
  CHECK(turn.objects() == 64);
  for (auto const expected : {128u, 256u, 256u}) {
    turn.took(5ms, turn.objects());
    CHECK(turn.objects() == expected);
  }
  turn.took(30ms, 256);
  CHECK(turn.objects() == 256);
  for (auto const expected : {128u, 64u, 32u, 16u, 8u, 4u, 4u}) {
    turn.took(2s, 1);
    CHECK(turn.objects() == expected);
  }
}
