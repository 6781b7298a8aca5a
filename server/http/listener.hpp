// Accepts connections from one listening socket and hands them on; survives running out of descriptors. Owned by
// Server; after construction only the thread of its io_context may call it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/connection.hpp"
#include "server/http/sockets.hpp"

namespace tocsin::http {

class Listener {
 public:
  // Takes the connection, or closes it and returns false: there are too many. The second argument is what
  // address_block() says.
  using Taker = std::function<bool(FileDescriptor, std::string const&, Peer)>;

  // `refused` counts connections that were closed, for want of a descriptor too.
  Listener(boost::asio::io_context& context, FileDescriptor socket, Door door, Taker take, base::Log& log,
           base::Counter& refused);

  void start() { wait(); }
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void wait();
  void accept_waiting();
  void take(FileDescriptor connection, sockaddr_storage const& address);
  void back_off(int error);
  // In the log, each kind of trouble once a minute: there may be thousands of them. `error`: errno, 0 when full.
  void say_refused(std::int64_t error);

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
  boost::asio::steady_timer pause_;
  Door const door_;
  std::uint16_t const port_;
  Taker const taker_;
  base::Log& log_;
  base::Counter& refused_;
  FileDescriptor reserve_;  // given up to be able to refuse a connection when there is no other descriptor
  std::optional<std::chrono::steady_clock::time_point> said_short_, said_full_;  // when the log last got a line
};

}  // namespace tocsin::http
