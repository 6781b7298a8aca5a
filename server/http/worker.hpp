// One thread, one io_context, and the sessions that live on it. Owned by Server, which constructs, starts and joins it
// on its own thread; adopt, drain and abort may be called from any thread while it runs.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <thread>

#include "server/http/session.hpp"
#include "server/http/sockets.hpp"

namespace tocsin::http {

class Worker {
 public:
  explicit Worker(Service const& service);

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  void start(std::function<void()> finished);  // `finished` is called on the thread when it ends
  void adopt(FileDescriptor connection, TlsContext tls, Peer peer, ConnectionCaps::Place place);
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }  // connections

  // Idle sessions end now, the others after the request under way; then the thread ends.
  void drain();
  void abort();
  void join();

 private:
  void spawn(FileDescriptor connection, TlsContext const& tls, Peer peer, ConnectionCaps::Place place);
  void ended(std::unique_ptr<Session> session, std::exception_ptr failure);
  void tick();
  void finish_if_drained();

  Service const& service_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{context_.get_executor()};
  boost::asio::steady_timer timer_{context_};
  ThreadBuffers buffers_;
  std::string date_;
  bool draining_ = false;
  bool finished_ = false;  // drained: no further tick
  bool aborting_ = false;
  RequestIds request_ids_;
  boost::intrusive::list<Session> sessions_;
  std::atomic<std::size_t> load_{0};
  std::thread thread_;
};

}  // namespace tocsin::http
