#include "server/http/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <chrono>

namespace tocsin::http {
namespace {

constexpr std::chrono::milliseconds kPause{200};
constexpr std::chrono::minutes kQuiet{1};  // between two lines of the log about the same trouble
constexpr int kTurn = 64;                  // connections taken before others on this thread have their turn

FileDescriptor open_reserve() { return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

FileDescriptor accept_one(int socket, sockaddr_storage& address) {
  socklen_t size = sizeof address;
  return FileDescriptor(::accept4(socket, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

}  // namespace

Listener::Listener(boost::asio::io_context& context, FileDescriptor socket, Door door, Taker take, base::Log& log,
                   base::Counter& refused)
    : socket_(context),
      pause_(context),
      door_(door),
      port_(door == Door::admin ? std::uint16_t{0} : bound_port(socket.get())),
      taker_(std::move(take)),
      log_(log),
      refused_(refused),
      reserve_(open_reserve()) {
  socket_.assign(socket.release());
}

void Listener::wait() {
  socket_.async_wait(decltype(socket_)::wait_read, [this](boost::system::error_code error) {
    if (!error) accept_waiting();
  });
}

void Listener::accept_waiting() {
  for (int i = 0; i < kTurn; ++i) {
    sockaddr_storage address{};
    FileDescriptor connection = accept_one(socket_.native_handle(), address);
    if (connection.is_open()) {
      take(std::move(connection), address);
      continue;
    }
    if (errno == EAGAIN) break;
    bool short_of = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    if (short_of) return back_off(errno);
    // Anything else is the fault of that one connection (accept(2): ECONNABORTED, EPROTO, …).
  }
  wait();
}

void Listener::take(FileDescriptor connection, sockaddr_storage const& address) {
  if (door_ == Door::admin) {
    if (peer_is_operator(connection.get())) (void)taker_(std::move(connection), "", Peer{door_, ""});
    return;
  }
  int on = 1;
  ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // without it long answers stall for 44 ms
  bool taken = taker_(std::move(connection), address_block(address), Peer{door_, address_text(address)});
  if (taken) return;
  refused_.add();
  say_refused(0);
}

void Listener::say_refused(std::int64_t error) {
  auto now = std::chrono::steady_clock::now();
  auto& said = error != 0 ? said_short_ : said_full_;
  if (said && now - *said < kQuiet) return;
  said = now;
  if (error != 0)
    log_.error("http.accept_failed", {{"errno", error}});
  else
    log_.warning("http.connections_refused");
}

// Refuses what waits, so that clients learn at once, and looks again later: the socket stays readable, and waiting for
// it would spin.
void Listener::back_off(int error) {
  say_refused(error);
  reserve_.reset();
  for (int i = 0; i < kTurn; ++i) {
    sockaddr_storage address{};
    FileDescriptor connection = accept_one(socket_.native_handle(), address);
    if (!connection.is_open()) break;
    refused_.add();
  }
  reserve_ = open_reserve();
  pause_.expires_after(kPause);
  pause_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    if (!reserve_.is_open()) reserve_ = open_reserve();
    accept_waiting();
  });
}

void Listener::stop() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

}  // namespace tocsin::http
