// The power goes in the midst of a random write, again and again, and what was acknowledged is there afterwards.
#include <cerrno>
#include <cstdio>

#include "tests/integration/store/random_deeds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thoroughness.hpp"

using namespace tocsin;
using test::DiskCall;

namespace {

constexpr std::size_t kCuts = test::by_build<std::size_t>(500, 500, 100);
constexpr std::size_t kCutsOfWorld = 8;

struct Totals {
  std::uint64_t cuts = 0, acknowledged = 0, landed = 0, while_opening = 0;
};

// One world and its cuts. Throws when it is not as it was acknowledged to be.
class Story {
 public:
  Story(std::uint64_t seed, bool lying_disk) : random_(seed), deeds_(random_) {
    if (lying_disk) world_.disk().lie_about_syncs();
  }

  void run(Totals& totals) {
    open();
    for (std::size_t cut = 0; cut < kCutsOfWorld; ++cut) {
      world_.disk().cut_power_after(random_.below(std::size_t{1} << random_.below(11)), random_.chance(40));
      if (random_.chance(30)) world_.close();
      live(totals);
      world_.close();
      world_.disk().restore_power(random_);
      if (random_.chance(20)) open_on_a_failing_disk();
      open();
      world_.verify();
      ++totals.cuts;
    }
    totals.acknowledged += world_.acknowledged();
    totals.landed += world_.landed();
  }

 private:
  // Until the power goes.
  void live(Totals& totals) {
    while (world_.disk().has_power()) {
      if (world_.is_open()) {
        deeds_.act(world_);
        if (random_.chance(4)) world_.close();
      } else if (!world_.open() && world_.disk().has_power()) {
        throw test::Difference("the database cannot be opened");
      } else if (!world_.is_open()) {
        ++totals.while_opening;
      }
    }
  }

  void open() {
    if (!world_.is_open() && !world_.open()) throw test::Difference("the database cannot be opened after a cut");
  }

  void open_on_a_failing_disk() {
    constexpr DiskCall kCalls[] = {DiskCall::open, DiskCall::read, DiskCall::file_size, DiskCall::write,
                                   DiskCall::sync};
    world_.disk().fail({kCalls[random_.below(5)], random_.below(20) + 1, EIO});
    (void)world_.open();
    world_.disk().mend();
    world_.close();
  }

  test::Random random_;
  test::RandomDeeds deeds_;
  test::FaultyWorld world_;
};

}  // namespace

TEST_CASE("no power cut loses what was acknowledged, stores it twice or leaves half of a transaction",
          "[store][power]") {
  test::Random random;
  std::size_t cuts = test::count_from("TOCSIN_CUTS", kCuts);
  Totals totals;
  for (std::uint64_t seed = random.seed(); totals.cuts < cuts; ++seed) {
    try {
      Story(seed, false).run(totals);
    } catch (std::exception const& difference) {
      FAIL("TOCSIN_SEED=" << seed << "\n" << difference.what());
    }
  }
  std::printf(
      "%llu cuts, %llu of them while opening; %llu objects acknowledged; %llu transactions survived that were not\n",
      static_cast<unsigned long long>(totals.cuts), static_cast<unsigned long long>(totals.while_opening),
      static_cast<unsigned long long>(totals.acknowledged), static_cast<unsigned long long>(totals.landed));
  CHECK(totals.acknowledged > totals.cuts);
}

TEST_CASE("a disk that lies about its syncs is found out", "[store][power]") {
  Totals totals;
  std::size_t found_out = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    try {
      Story(seed, true).run(totals);
    } catch (std::exception const&) {
      ++found_out;
    }
  }
  CHECK(found_out > 5);  // now and then the cut takes nothing that matters
}
