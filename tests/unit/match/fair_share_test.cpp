// Who has few is not left without by who has many.
#include "server/match/fair_share.hpp"

#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using match::fair_share;
using Places = std::vector<std::size_t>;
using Parties = std::vector<std::vector<std::int64_t>>;

TEST_CASE("All are taken where there is room for all", "[match][fair_share]") {
  CHECK(fair_share(Parties{}, 3).empty());
  CHECK(fair_share(Parties{{1}, {1}, {2}}, 3) == Places{0, 1, 2});
  CHECK(fair_share(Parties{{1}, {1}, {2}}, 0).empty());
}

TEST_CASE("Parties are served in turn, each with its first ones", "[match][fair_share]") {
  CHECK(fair_share(Parties{{1}, {1}, {1}, {1}, {2}}, 3) == Places{0, 1, 4});
  CHECK(fair_share(Parties{{1}, {1}, {1}, {2}, {3}, {2}}, 4) == Places{0, 1, 3, 4});
}

TEST_CASE("What two have is taken once, and each of them has it", "[match][fair_share]") {
  CHECK(fair_share(Parties{{1, 2}, {1}, {1}, {2}}, 3) == Places{0, 1, 3});
  CHECK(fair_share(Parties{{1, 1}, {1}, {2}}, 2) == Places{0, 2});
}

TEST_CASE("Nobody has less than a fair share while another has more", "[match][fair_share]") {
  test::Random random(12);
  for (int round = 0; round < 500; ++round) {
    Parties parties(random.below(60));
    std::map<std::int64_t, std::size_t> brought, got;
    for (auto& one : parties) ++brought[one.emplace_back(static_cast<std::int64_t>(random.below(1 + random.below(6))))];
    auto const most = random.below(60);
    auto const taken = fair_share(parties, most);
    REQUIRE(taken.size() == std::min(most, parties.size()));
    for (auto const place : taken) ++got[parties[place].front()];
    for (auto const& [party, count] : brought)
      for (auto const& [other, theirs] : got)
        if (got[party] < count) REQUIRE(theirs <= got[party] + 1);
  }
}
