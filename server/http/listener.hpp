// Accepts connections from one listening socket and hands them on; survives running out of descriptors. Owned by
// Server; after construction only the thread of its io_context may call it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/connection.hpp"
#include "server/http/sockets.hpp"

namespace tocsin::http {

class Listener {
 public:
  // Takes the connection; the second argument is what address_block() says.
  using Taker = std::function<void(FileDescriptor, std::string const&, Peer)>;

  // `refused` counts connections that were closed for want of a descriptor.
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

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
  boost::asio::steady_timer pause_;
  Door const door_;
  std::uint16_t const port_;
  Taker const taker_;
  base::Log& log_;
  base::Counter& refused_;
  FileDescriptor reserve_;  // given up to be able to refuse a connection when there is no other descriptor
  bool short_ = false;      // said so in the log already
};

}  // namespace tocsin::http
