// One thread, one io_context, and the sessions that live on it. Owned by Server; `adopt`, `drain` and `stop` from any thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <thread>

#include "server/http/session.hpp"

namespace tocsin::http {

class Worker {
 public:
  explicit Worker(Service const& service);
  ~Worker();  // stop() must have been called

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  void start();
  // Runs a session on the connection; `tls` is null for plain listeners. `ended` is called on this worker's thread.
  void adopt(int descriptor, int family, TlsContext tls, Origin origin, std::function<void()> ended);
  void drain();  // closes idle sessions; those with a request go on
  void stop();   // closes every session and ends the thread

 private:
  [[nodiscard]] Awaitable<void> live(std::unique_ptr<Session> session, std::function<void()> ended);
  void reap();

  Service const& service_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  boost::asio::steady_timer reaper_;
  boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>> sessions_;
  bool stopping_ = false;  // on the thread
  std::thread thread_;
};

}  // namespace tocsin::http
