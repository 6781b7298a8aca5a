// Rings when something was published: a thread that keeps a stream of the server open, and makes it again when it
// breaks. What came is not looked at: whether it changes a feed is the server's to say. Owned by a command, which
// waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <thread>

#include "clients/cpp/event_stream.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

class Wakes {
 public:
  // The session is the thread's alone.
  explicit Wakes(Session session);
  Wakes(Wakes const&) = delete;
  Wakes& operator=(Wakes const&) = delete;
  ~Wakes();

  // Returns when something was published and for a moment nothing more, when a stream begins (what came before it is
  // not known), when there will be none any more, or after `longest`.
  void wait(std::chrono::milliseconds longest);
  // Why there will be none any more: the server says so, or refuses.
  [[nodiscard]] std::optional<Failure> failure() const;

 private:
  void listen();
  core::Result<http::ClientResponse> follow();
  [[nodiscard]] bool take(ServerEvent const& event);
  // Whether it makes sense to try again.
  [[nodiscard]] bool judge(core::Result<http::ClientResponse> const& answer);
  void pause();
  void ring();
  void end(Failure failure);

  Session session_;
  std::mt19937 random_{std::random_device{}()};  // the thread's
  int repeats_ = 0;                              // the thread's
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false, stopping_ = false;  // guarded by mutex_
  std::optional<Failure> failure_;        // guarded by mutex_
  std::thread thread_;
};

// Seconds 1, 2, 4 … 64 before the repeat of that number, and of these a random part: so that those who follow a server
// that comes back do not all come at once.
[[nodiscard]] std::chrono::milliseconds back_off(int repeat, std::mt19937& random);

}  // namespace tocsin::client
