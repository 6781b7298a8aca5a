// Each call of the disk fails in turn, once or until it is mended: the submitter is told, reads go on, and nothing that
// was acknowledged is lost.
#include <array>
#include <cerrno>
#include <cstdio>

#include "tests/integration/store/fault_step.hpp"
#include "tests/integration/store/random_deeds.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using test::DiskCall;
using test::DiskFault;

namespace {

constexpr std::uint64_t kSeed = 3;  // of the scenario: the same deeds, whatever fails
constexpr std::size_t kDeeds = 12;

// The scenario, with at most one fault in it. Throws when an answer is wrong or the store is not as it was
// acknowledged.
class Scenario {
 public:
  explicit Scenario(std::optional<DiskFault> fault) : random_(kSeed), deeds_(random_), fault_(fault) {
    if (fault_) world_.disk().fail(*fault_);
  }

  void run() {
    for (std::size_t deed = 0; deed < kDeeds; ++deed) {
      if (deed == kDeeds / 2) world_.close();
      if (!world_.is_open() && !world_.open()) {
        mend();
        open();
      }
      deeds_.act(world_);
      if (fault_ && fault_->lasting && world_.disk().failures() > 0) {
        world_.compare_reads(hurts_reads());
        mend();
      }
      if (deed % 4 == 3) world_.compare_reads(hurts_reads());
    }
    for (std::size_t call = 0; call < test::kDiskCalls; ++call)
      calls_[call] = world_.disk().count(static_cast<DiskCall>(call));
    mend();
    if (world_.submit(deeds_.one_object()) != 1) throw test::Difference("refused by a disk that was mended");
    world_.disk().cut_power();
    world_.close();
    world_.disk().restore_power(random_);
    open();
    world_.verify();
  }

  [[nodiscard]] bool has_failed() { return world_.disk().failures() > 0; }
  // How many there were before the disk was mended for good.
  [[nodiscard]] std::uint64_t calls(DiskCall call) const { return calls_[static_cast<std::size_t>(call)]; }

 private:
  void mend() { world_.disk().mend(); }
  void open() {
    if (!world_.open()) throw test::Difference("the database cannot be opened on a sound disk");
  }
  [[nodiscard]] bool hurts_reads() const {
    return fault_ &&
           (fault_->call == DiskCall::open || fault_->call == DiskCall::read || fault_->call == DiskCall::file_size);
  }

  test::Random random_;
  test::RandomDeeds deeds_;
  std::optional<DiskFault> fault_;
  test::FaultyWorld world_;
  std::array<std::uint64_t, test::kDiskCalls> calls_{};
};

// `offset`: which of the calls is the first to fail, so that two ways of failing share the calls between them.
void fail_each(DiskFault fault, std::uint64_t offset) {
  Scenario sound{std::nullopt};
  sound.run();
  std::uint64_t const calls = sound.calls(fault.call);
  std::uint64_t tried = 0, failed = 0;
  REQUIRE(calls > 0);
  std::uint64_t const step = calls < 100 ? 1 : test::fault_step();
  for (fault.nth = 1 + offset % step; fault.nth <= calls; fault.nth += step) {
    ++tried;
    try {
      Scenario scenario{fault};
      scenario.run();
      if (scenario.has_failed()) ++failed;
    } catch (std::exception const& difference) {
      FAIL("call " << fault.nth << " of kind " << static_cast<int>(fault.call) << ", error " << fault.system_error
                   << (fault.lasting ? ", lasting" : "") << "\n"
                   << difference.what());
    }
  }
  std::printf("%llu of %llu calls of kind %d failed\n", static_cast<unsigned long long>(failed),
              static_cast<unsigned long long>(calls), static_cast<int>(fault.call));
  CHECK(failed > tried / 2);
}

}  // namespace

TEST_CASE("a write that fails is told, hurts no reader and loses nothing", "[store][faults]") {
  fail_each({DiskCall::write, 1, EIO, false, false}, 0);
  fail_each({DiskCall::write, 1, EIO, true, true}, 1);
}

TEST_CASE("a write that finds no room is told, hurts no reader and loses nothing", "[store][faults]") {
  fail_each({DiskCall::write, 1, ENOSPC, false, true}, 0);
  fail_each({DiskCall::write, 1, ENOSPC, true, false}, 1);
}

TEST_CASE("a sync that fails is told, hurts no reader and loses nothing", "[store][faults]") {
  for (bool lasting : {false, true})
    for (int error : {EIO, ENOSPC}) fail_each({DiskCall::sync, 1, error, lasting}, lasting ? 1 : 0);
}

TEST_CASE("a truncation or a removal that fails is of no consequence", "[store][faults]") {
  for (bool lasting : {false, true})
    for (auto call : {DiskCall::truncate, DiskCall::remove}) fail_each({call, 1, EIO, lasting}, lasting ? 1 : 0);
}

TEST_CASE("a file that cannot be opened, measured or read is told, never answered for", "[store][faults]") {
  for (bool lasting : {false, true})
    for (auto call : {DiskCall::open, DiskCall::file_size, DiskCall::read})
      fail_each({call, 1, EIO, lasting}, lasting ? 1 : 0);
}
