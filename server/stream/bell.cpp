#include "server/stream/bell.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tocsin::stream {

namespace asio = boost::asio;

Bell::Bell(std::chrono::milliseconds pause) : pause_(pause), thread_([this] { loop(); }) {}

Bell::~Bell() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Bell::ring() {
  {
    std::lock_guard lock(mutex_);
    rung_ = true;
  }
  wake_.notify_all();
}

void Bell::enter(Ear* ear) {
  std::lock_guard lock(listening_);
  ears_.insert(ear);
}

void Bell::leave(Ear* ear) {
  std::lock_guard lock(listening_);
  ears_.erase(ear);
}

void Bell::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return rung_ || stopping_; });
    if (stopping_) return;
    rung_ = false;
    lock.unlock();
    {
      std::lock_guard listening(listening_);
      for (Ear* ear : ears_) ear->hear();
    }
    lock.lock();
    // What is published in the meantime is read together.
    if (wake_.wait_for(lock, pause_, [this] { return stopping_; })) return;
  }
}

struct Ear::State {
  explicit State(asio::any_io_executor const& executor) : timer(executor) {}
  asio::steady_timer timer;
  bool rung = false;                // executor's thread
  std::atomic<bool> posted{false};  // the bell has rung, and the executor's thread does not know yet
};

Ear::Ear(Bell& bell, asio::any_io_executor const& executor) : bell_(bell), state_(std::make_shared<State>(executor)) {
  bell_.enter(this);
}

Ear::~Ear() { bell_.leave(this); }

void Ear::hear() {
  if (state_->posted.exchange(true)) return;
  asio::post(state_->timer.get_executor(), [heard = std::weak_ptr(state_)] {
    auto state = heard.lock();
    if (state == nullptr) return;
    state->posted = false;
    state->rung = true;
    state->timer.cancel();
  });
}

void Ear::wake() {
  state_->rung = true;
  state_->timer.cancel();
}

asio::awaitable<void> Ear::wait_until(Moment moment) {
  if (!state_->rung) {
    state_->timer.expires_at(moment);
    auto [ended] = co_await state_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ended);
  }
  state_->rung = false;
}

}  // namespace tocsin::stream
