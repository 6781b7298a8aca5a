#include "server/base/workers.hpp"

#include <latch>
#include <memory>
#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using base::Workers;

namespace {

// One worker, who is held up by a job of organisation 1 until everything was submitted.
class Held {
 public:
  Held() {
    REQUIRE(workers_->submit(1, [this] {
      begun_.count_down();
      released_.wait();
    }));
    begun_.wait();
  }
  ~Held() {
    if (workers_) finish();
  }
  Held(Held const&) = delete;
  Held& operator=(Held const&) = delete;

  [[nodiscard]] bool submit(std::int64_t organisation, Workers::Job job = [] {}) {
    return workers_->submit(organisation, std::move(job));
  }
  void finish() {
    released_.count_down();
    workers_.reset();
  }

 private:
  std::latch begun_{1}, released_{1};
  std::unique_ptr<Workers> workers_ = std::make_unique<Workers>(1);
};

}  // namespace

TEST_CASE("Organisations take turns, however much one of them submits", "[base][workers]") {
  Held held;
  std::string order;
  for (char const* submitted = "aaaabbc"; *submitted != 0; ++submitted)
    REQUIRE(held.submit(*submitted - 'a' + 1, [&order, name = *submitted] { order += name; }));
  held.finish();
  CHECK(order == "bcabaaa");
}

TEST_CASE("Whoever has too much waiting is refused, and others are not", "[base][workers]") {
  Held held;
  std::size_t judged = 0;
  for (std::size_t i = 0; i < Workers::Most().of_one; ++i) REQUIRE(held.submit(1, [&] { ++judged; }));
  CHECK_FALSE(held.submit(1, [&] { ++judged; }));
  CHECK(held.submit(2, [&] { ++judged; }));
  held.finish();
  CHECK(judged == Workers::Most().of_one + 1);
}

TEST_CASE("The queue of all organisations together ends somewhere", "[base][workers]") {
  Held held;
  for (std::size_t i = 0; i < Workers::Most().waiting; ++i) REQUIRE(held.submit(static_cast<std::int64_t>(2 + i)));
  CHECK_FALSE(held.submit(1));
}
