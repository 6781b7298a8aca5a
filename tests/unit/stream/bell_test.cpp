#include "server/stream/bell.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <optional>

#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

// How long an ear waited that would have waited for a minute; `first` is done before it waits, `then` while it does.
Clock::duration waited(
    stream::Bell& bell, std::function<void(stream::Ear&)> const& first, std::function<void()> const& then = [] {}) {
  boost::asio::io_context io{1};
  stream::Ear ear(bell, io.get_executor());
  first(ear);
  auto began = Clock::now();
  std::exception_ptr failure;
  boost::asio::co_spawn(io, ear.wait_until(began + 60s), [&](std::exception_ptr thrown) { failure = thrown; });
  boost::asio::post(io, then);  // behind the coroutine, which waits by then
  io.run();
  REQUIRE(failure == nullptr);
  return Clock::now() - began;
}

}  // namespace

TEST_CASE("an ear hears the bell, also when it rang before the ear waited", "[stream]") {
  stream::Bell bell(1ms);
  CHECK(waited(bell, [&](stream::Ear&) { bell.ring(); }) < 30s);
  CHECK(waited(bell, [](stream::Ear&) {}, [&] { bell.ring(); }) < 30s);
}

TEST_CASE("an ear that is woken waits no longer", "[stream]") {
  stream::Bell bell;
  CHECK(waited(bell, [&](stream::Ear& ear) { ear.wake(); }) < 30s);
}

TEST_CASE("an ear that nothing wakes waits until the moment it was told", "[stream]") {
  stream::Bell bell;
  boost::asio::io_context io{1};
  stream::Ear ear(bell, io.get_executor());
  auto began = Clock::now();
  boost::asio::co_spawn(io, ear.wait_until(began + 30ms), [](std::exception_ptr) {});
  io.run();
  CHECK(Clock::now() - began >= 30ms);
}

TEST_CASE("ears come and go while the bell rings", "[stream]") {
  stream::Bell bell(0ms);
  std::atomic<bool> done{false};
  std::thread ringer([&] {
    while (!done) bell.ring();
  });
  for (int i = 0; i < 2'000; ++i) {
    boost::asio::io_context io{1};
    stream::Ear first(bell, io.get_executor());
    std::optional<stream::Ear> second(std::in_place, bell, io.get_executor());
    io.poll();
    second.reset();
    io.restart();
    io.poll();
  }
  done = true;
  ringer.join();
}
