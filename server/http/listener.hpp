// A listening socket that hands connections to workers in turn. Lives on the first worker's io_context. Owned by Server.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "server/http/server.hpp"
#include "server/http/stream.hpp"

namespace tocsin::http {

class Listener {
 public:
  // Called for each connection with its descriptor, which it owns, and the peer's address ("" on a Unix socket).
  using Accepted = std::function<void(int descriptor, int family, std::string peer_address)>;

  Listener(boost::asio::io_context& context, Accepted accepted);

  // Errors: io_failed with the reason (address in use, …).
  [[nodiscard]] core::Result<void> listen(ListenAddress const& address);
  [[nodiscard]] core::Result<void> listen(std::filesystem::path const& unix_socket);  // 0600; a stale file is replaced
  [[nodiscard]] std::uint16_t port() const;

  void start();  // begins to accept
  void close();  // on the io_context's thread

 private:
  void accept();
  void wait_and_accept();

  [[nodiscard]] core::Result<void> bind_and_listen(int family, void const* address, unsigned length);

  int family_ = 0;
  boost::asio::posix::stream_descriptor socket_;  // an acceptor type would hide accept4's errors from us
  boost::asio::steady_timer pause_;
  Accepted accepted_;
};

}  // namespace tocsin::http
