#include "server/http/listener.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace tocsin::http {
namespace {

constexpr std::chrono::milliseconds kPause{100};

std::unexpected<core::Error> refuse(std::string what, int error) {
  return core::fail(core::Code::io_failed, "Cannot listen on " + std::move(what) + ": " + std::strerror(error) + ".", "",
                    error == EADDRINUSE ? "Choose another port, or 0 for any." : "");
}

std::string text_of(sockaddr_storage const& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in const&>(address).sin_addr, text, sizeof text);
  else if (address.ss_family == AF_INET6)
    ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6 const&>(address).sin6_addr, text, sizeof text);
  return text;
}

}  // namespace

Listener::Listener(boost::asio::io_context& context, Accepted accepted)
    : socket_(context), pause_(context), accepted_(std::move(accepted)) {}

core::Result<void> Listener::bind_and_listen(int family, void const* address, unsigned length) {
  int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return refuse("a socket", errno);
  family_ = family;
  socket_.assign(descriptor);
  int on = 1;
  if (family != AF_UNIX) ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor, static_cast<sockaddr const*>(address), length) != 0 || ::listen(descriptor, 1'024) != 0)
    return refuse(family == AF_UNIX ? "the admin socket" : "the address", errno);
  return {};
}

core::Result<void> Listener::listen(ListenAddress const& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    return bind_and_listen(AF_INET, &v4, sizeof v4);
  }
  if (::inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    return bind_and_listen(AF_INET6, &v6, sizeof v6);
  }
  return core::fail(core::Code::io_failed, "\"" + address.host + "\" is not an IP address to listen on.");
}

core::Result<void> Listener::listen(std::filesystem::path const& unix_socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (unix_socket.native().size() >= sizeof address.sun_path)
    return core::fail(core::Code::io_failed, "The path of the admin socket is longer than 107 bytes.", "", "Use a shorter data directory.");
  std::memcpy(address.sun_path, unix_socket.c_str(), unix_socket.native().size());
  ::unlink(unix_socket.c_str());  // the directory lock is held: a file that is there is a dead server's
  mode_t before = ::umask(0177);
  auto done = bind_and_listen(AF_UNIX, &address, sizeof address);
  ::umask(before);
  return done;
}

std::uint16_t Listener::port() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  // native_handle() is not const in Asio although it changes nothing.
  int descriptor = const_cast<boost::asio::posix::stream_descriptor&>(socket_).native_handle();
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

void Listener::start() { wait_and_accept(); }

void Listener::wait_and_accept() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (!error) accept();
  });
}

void Listener::accept() {
  for (;;) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    int descriptor =
        ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return wait_and_accept();
      if (errno == ECONNABORTED || errno == EINTR) continue;
      // Out of descriptors or memory: accepting at once again would spin. The connection waits in the backlog.
      pause_.expires_after(kPause);
      pause_.async_wait([this](boost::system::error_code error) {
        if (!error) accept();
      });
      return;
    }
    if (family_ == AF_UNIX) {
      ucred peer{};
      socklen_t size = sizeof peer;
      bool ours = ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == ::geteuid() || peer.uid == 0);
      if (!ours) {
        ::close(descriptor);
        continue;
      }
    } else {
      int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    accepted_(descriptor, family_, text_of(address));
  }
}

void Listener::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

}  // namespace tocsin::http
