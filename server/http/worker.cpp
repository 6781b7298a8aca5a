#include "server/http/worker.hpp"

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <ctime>
#include <typeinfo>

#include "server/base/clock.hpp"

namespace tocsin::http {
namespace {

namespace asio = boost::asio;
constexpr std::chrono::milliseconds kTick{250};  // how late a deadline may be noticed

// IMF-fixdate (RFC 9110 section 5.6.7).
std::string format_date(std::time_t seconds) {
  static constexpr std::array<char const*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<char const*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(time.tm_wday)], time.tm_mday,
                kMonths[static_cast<std::size_t>(time.tm_mon)], time.tm_year + 1900, time.tm_hour, time.tm_min,
                time.tm_sec);
  return text.data();
}

}  // namespace

Worker::Worker(Service const& service) : service_(service) {}

void Worker::start(std::function<void()> finished) {
  tick();
  thread_ = std::thread([this, finished = std::move(finished)] {
    context_.run();
    finished();
  });
}

void Worker::adopt(FileDescriptor connection, TlsContext tls, Peer peer, ConnectionCaps::Place place) {
  load_.fetch_add(1, std::memory_order_relaxed);
  asio::post(context_, [this, connection = std::move(connection), tls = std::move(tls), peer = std::move(peer),
                        place = std::move(place)]() mutable {
    try {
      spawn(std::move(connection), tls, std::move(peer), std::move(place));
    } catch (std::bad_alloc const&) {
      load_.fetch_sub(1, std::memory_order_relaxed);  // what was made so far is gone, and the descriptor with it
    }
  });
}

void Worker::spawn(FileDescriptor connection, TlsContext const& tls, Peer peer, ConnectionCaps::Place place) {
  Home home{context_, buffers_, date_, draining_, request_ids_};
  auto session =
      std::make_unique<Session>(service_, home, std::move(connection), tls, std::move(peer), std::move(place));
  Session& running = *session;
  auto done = [this, owned = std::move(session)](std::exception_ptr failure) mutable {
    ended(std::move(owned), failure);
  };
  sessions_.push_back(running);
  asio::co_spawn(context_, running.run(), asio::bind_cancellation_slot(running.cancellation_slot(), std::move(done)));
}

void Worker::ended(std::unique_ptr<Session> session, std::exception_ptr failure) {
  sessions_.erase(sessions_.iterator_to(*session));
  load_.fetch_sub(1, std::memory_order_relaxed);
  try {
    if (failure && !aborting_) std::rethrow_exception(failure);
  } catch (std::exception const& error) {
    service_.log.error("http.session_failed", {{"exception", typeid(error).name()}});
  }
  // The coroutine that calls this still refers to the cancellation signal: the session goes when it has returned.
  asio::post(context_, [owned = std::move(session)] {});
  finish_if_drained();
}

void Worker::tick() {
  date_ = format_date(static_cast<std::time_t>(base::SystemClock().now_us() / 1'000'000));
  auto now = Connection::Clock::now();
  for (Session& session : sessions_) session.check(now);
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    // A tick that was due already when the timer was cancelled comes all the same: it must not keep the thread alive.
    if (!cancelled && !finished_) tick();
  });
}

void Worker::finish_if_drained() {
  if (!draining_ || !sessions_.empty()) return;
  finished_ = true;
  timer_.cancel();
  guard_.reset();
}

void Worker::drain() {
  asio::post(context_, [this] {
    draining_ = true;
    for (Session& session : sessions_) aborting_ ? session.abort() : session.drain();
    finish_if_drained();
  });
}

void Worker::abort() {
  asio::post(context_, [this] {
    aborting_ = true;
    for (Session& session : sessions_) session.abort();
  });
}

void Worker::join() { thread_.join(); }

}  // namespace tocsin::http
