// One connection: read a head, route it, pass the gates, run the handler, answer; again. Owned by its Worker; that thread only.
#pragma once

#include <boost/intrusive/list.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/head.hpp"
#include "server/http/router.hpp"
#include "server/http/server.hpp"
#include "server/http/stream.hpp"

namespace tocsin::http {

// What all sessions share; read-only after start.
struct Service {
  ServerOptions const& options;
  Router const& router;
  std::vector<Gate> const& gates;
  ErrorRenderer const& render;
  Observer const& observe;
  base::Log& log;
  base::Counter& framing_errors;
  base::Counter& handshake_failures;
  std::atomic<bool> const& draining;
};

// Where a connection came in.
struct Origin {
  std::string peer_address;
  bool admin_socket = false;
  bool loopback = false;
};

class Session : public boost::intrusive::list_base_hook<> {
 public:
  using Clock = std::chrono::steady_clock;
  Session(Service const& service, std::unique_ptr<Stream> stream, Origin origin)
      : service_(service), stream_(std::move(stream)), origin_(std::move(origin)) {}

  [[nodiscard]] Awaitable<void> run();

  // The worker's reaper closes a session whose deadline has passed: no timer is armed for a request.
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  [[nodiscard]] bool idle() const { return idle_; }
  void close() { stream_->close(); }

 private:
  friend class SessionBody;
  [[nodiscard]] Awaitable<bool> read_head(std::string& text);
  [[nodiscard]] Awaitable<bool> serve(Head head);
  [[nodiscard]] Awaitable<Response> answer(Request& request, Head const& head);
  [[nodiscard]] Awaitable<bool> send(Request const& request, Response response, bool keep_alive);
  [[nodiscard]] Awaitable<bool> send_stream(BodySource& source);
  [[nodiscard]] Awaitable<void> refuse(core::Error error);
  [[nodiscard]] Awaitable<void> discard_rest();
  void allow(std::chrono::milliseconds time) { deadline_ = Clock::now() + time; }

  Service const& service_;
  std::unique_ptr<Stream> stream_;
  Origin origin_;
  std::string buffer_;  // bytes that arrived beyond what was asked for
  std::uint64_t unread_body_ = 0;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool idle_ = false;
};

}  // namespace tocsin::http
