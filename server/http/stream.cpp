#include "server/http/stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <sys/socket.h>

namespace tocsin::http {
namespace {

namespace asio = boost::asio;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// One record's worth for each thread: a connection that waits for its next request owns no buffer.
std::span<char> scratch() {
  thread_local std::array<char, 16 * 1024> buffer;
  return buffer;
}

class SocketStream : public Stream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::move(socket)) { socket_.native_non_blocking(true); }
  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 protected:
  Awaitable<bool> wait(Socket::wait_type what) {
    if (!socket_.is_open()) co_return false;
    auto [error] = co_await socket_.async_wait(what, kAwait);
    co_return !error && socket_.is_open();
  }
  Socket socket_;
};

class PlainStream final : public SocketStream {
 public:
  using SocketStream::SocketStream;

  Awaitable<bool> handshake() override { co_return true; }

  Awaitable<std::string_view> read_some() override {
    while (co_await wait(Socket::wait_read)) {
      auto buffer = scratch();
      ssize_t got = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
      if (got > 0) co_return std::string_view(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (errno != EAGAIN && errno != EINTR)) break;
    }
    co_return std::string_view{};
  }

  Awaitable<bool> write(std::string_view bytes, std::function<void()> const& progress) override {
    while (!bytes.empty()) {
      ssize_t sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        progress();
      } else if (errno == EAGAIN || errno == EINTR) {
        if (!co_await wait(Socket::wait_write)) co_return false;
      } else {
        co_return false;
      }
    }
    co_return true;
  }

  void finish_writing() override {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
};

class TlsStream final : public SocketStream {
 public:
  TlsStream(Socket socket, TlsContext context)
      : SocketStream(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(context_.get()), SSL_free) {
    if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), static_cast<int>(socket_.native_handle())) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
  }

  Awaitable<bool> handshake() override {
    for (;;) {
      ERR_clear_error();
      int code = SSL_do_handshake(ssl_.get());
      if (code == 1) co_return true;
      if (!co_await again(code)) co_return false;
    }
  }

  Awaitable<std::string_view> read_some() override {
    // Wait before reading: then idle connections need neither buffer nor call.
    if (SSL_has_pending(ssl_.get()) == 0 && !co_await wait(Socket::wait_read)) co_return std::string_view{};
    while (socket_.is_open()) {
      ERR_clear_error();
      auto buffer = scratch();
      int got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got > 0) co_return std::string_view(buffer.data(), static_cast<std::size_t>(got));
      if (!co_await again(got)) break;
    }
    co_return std::string_view{};
  }

  Awaitable<bool> write(std::string_view bytes, std::function<void()> const& progress) override {
    while (!bytes.empty()) {
      if (!socket_.is_open()) co_return false;
      ERR_clear_error();
      std::size_t sent = 0;
      int code = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (code == 1) {
        bytes.remove_prefix(sent);
        progress();
      } else if (!co_await again(code)) {
        co_return false;
      }
    }
    co_return true;
  }

  void finish_writing() override {
    ERR_clear_error();
    if (!failed_) SSL_shutdown(ssl_.get());  // sends close_notify; the peer's is not waited for
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

 private:
  // Waits for what OpenSSL wants; false when the connection has failed or ended.
  Awaitable<bool> again(int code) {
    int want = SSL_get_error(ssl_.get(), code);
    if (want == SSL_ERROR_WANT_READ) co_return co_await wait(Socket::wait_read);
    if (want == SSL_ERROR_WANT_WRITE) co_return co_await wait(Socket::wait_write);
    failed_ = true;
    ERR_clear_error();
    co_return false;
  }

  TlsContext context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) { return std::make_unique<PlainStream>(std::move(socket)); }

std::unique_ptr<Stream> make_tls_stream(Socket socket, TlsContext context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

}  // namespace tocsin::http
