#include "server/http/connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace tocsin::http {
namespace {

namespace asio = boost::asio;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

Connection::Connection(asio::io_context& context, FileDescriptor descriptor, TlsContext const& tls,
                       ThreadBuffers& buffers)
    : descriptor_(context), buffers_(buffers) {
  int number = descriptor.get();
  descriptor_.assign(number);
  static_cast<void>(descriptor.release());  // descriptor_ closes it from here on
  stream_ = tls ? make_tls_stream(number, tls, buffers) : make_plain_stream(number);
}

Awaitable<bool> Connection::wait(Progress wanted) {
  if (expired_ || aborted_) co_return false;
  auto type = wanted == Progress::want_read ? Descriptor::wait_read : Descriptor::wait_write;
  auto [error] = co_await descriptor_.async_wait(type, kAwait);
  co_return !error && !expired_ && !aborted_;
}

Awaitable<bool> Connection::handshake() {
  for (;;) {
    Step step = stream_->handshake();
    if (step.progress == Progress::done) co_return true;
    if (step.progress != Progress::want_read && step.progress != Progress::want_write) co_return false;
    if (!co_await wait(step.progress)) co_return false;
  }
}

Awaitable<Arrival> Connection::receive(std::span<char> into, std::size_t& got) {
  // Waiting comes first: reading before anything is there would only cost a system call.
  Progress wanted = stream_->has_buffered() ? Progress::done : Progress::want_read;
  for (;;) {
    if (wanted != Progress::done && !co_await wait(wanted)) co_return expired_ ? Arrival::expired : Arrival::failed;
    Step step = stream_->read(into);
    got = step.bytes;
    if (step.progress == Progress::done) co_return Arrival::bytes;
    if (step.progress == Progress::ended) co_return Arrival::ended;
    if (step.progress == Progress::failed) co_return Arrival::failed;
    wanted = step.progress;
  }
}

Awaitable<bool> Connection::send(Gather pieces, SendTime time) {
  auto const latest = Clock::now() + time.all;
  clear_deadline();
  for (;;) {
    Step step = stream_->write(pieces);
    if (step.progress == Progress::done) break;
    if (step.progress != Progress::want_write) co_return false;
    set_deadline(std::min(Clock::now() + time.stall, latest));
    if (!co_await wait(step.progress)) co_return false;
  }
  clear_deadline();
  co_return true;
}

Awaitable<void> Connection::linger(std::size_t most) {
  stream_->end_writing();
  auto& bin = buffers_.received;
  while (most > 0 && co_await wait(Progress::want_read)) {
    ssize_t got = ::recv(descriptor_.native_handle(), bin.data(), std::min(most, bin.size()), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (got > 0) most -= static_cast<std::size_t>(got);
  }
}

bool Connection::is_left() {
  pollfd state{.fd = descriptor_.native_handle(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0;
}

void Connection::expire() {
  expired_ = true;
  deadline_ = Clock::time_point::max();
  boost::system::error_code ignored;
  descriptor_.cancel(ignored);
}

void Connection::abort() {
  aborted_ = true;
  expire();
}

}  // namespace tocsin::http
