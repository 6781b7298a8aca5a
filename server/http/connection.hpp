// A connection: a descriptor, the stream over it, and the one deadline that counts now. Owned by its session; that
// worker's thread only. Deadlines are plain numbers that the worker compares four times a second: a request arms no
// timer.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/http/message.hpp"
#include "server/http/sockets.hpp"
#include "server/http/stream.hpp"

namespace tocsin::http {

enum class Door : std::uint8_t { https, mtls, loopback, admin };

// Where a connection came from.
struct Peer {
  Door door = Door::https;
  std::string address;                                           // textual IP address; "" on the admin socket
  std::shared_ptr<base::ClientCertificate const> certificate{};  // at the mtls door; null: nobody's, or not trusted
};

enum class Arrival : std::uint8_t { bytes, ended, expired, failed };

// How long bytes may take to be taken by the peer.
struct SendTime {
  std::chrono::milliseconds stall;  // without progress
  std::chrono::milliseconds all;    // however much progress there is
};

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  // A null `tls` makes a plain stream.
  Connection(boost::asio::io_context& context, FileDescriptor descriptor, TlsContext const& tls,
             ThreadBuffers& buffers);

  // False: failed or expired.
  [[nodiscard]] Awaitable<bool> handshake();
  // At least one byte into `into`; `got` says how many. An expired deadline leaves the connection usable for writing.
  [[nodiscard]] Awaitable<Arrival> receive(std::span<char> into, std::size_t& got);
  // All of `pieces`; false when the connection failed or the time is up.
  [[nodiscard]] Awaitable<bool> send(Gather pieces, SendTime time);
  // Half-closes, then throws away at most `most` bytes as they come on the wire, until the peer ends or the deadline.
  [[nodiscard]] Awaitable<void> linger(std::size_t most);

  // Whether the peer has closed its side, even when bytes from before are not read yet.
  [[nodiscard]] bool is_left();

  // Tells the peer that nothing more comes, without waiting for it.
  void end() { stream_->end_writing(); }

  void set_deadline(Clock::time_point deadline) {
    deadline_ = deadline;
    expired_ = false;
  }
  void set_deadline(std::chrono::milliseconds from_now) { set_deadline(Clock::now() + from_now); }
  void clear_deadline() { set_deadline(Clock::time_point::max()); }
  // A wait that has begun ends then at the latest.
  void hurry(std::chrono::milliseconds from_now) { deadline_ = std::min(deadline_, Clock::now() + from_now); }

  // The worker's: ends a wait whose deadline has passed.
  void check(Clock::time_point now) {
    if (deadline_ <= now) expire();
  }
  void expire();
  // Every wait from now on fails.
  void abort();

  [[nodiscard]] ThreadBuffers& buffers() { return buffers_; }
  [[nodiscard]] Stream const& stream() const { return *stream_; }

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  // False: expired, aborted or failed.
  [[nodiscard]] Awaitable<bool> wait(Progress wanted);

  Descriptor descriptor_;
  ThreadBuffers& buffers_;
  std::unique_ptr<Stream> stream_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool expired_ = false;
  bool aborted_ = false;
};

}  // namespace tocsin::http
