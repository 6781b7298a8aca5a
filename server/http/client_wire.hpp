// One connection of the blocking client: bytes out, bytes in, never past the deadline. Owned by Client; one thread at a
// time, `stop` from any thread.
#pragma once

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "schema/core/result.hpp"
#include "server/http/client_url.hpp"

namespace tocsin::http {

class Wire {
 public:
  using ErrorCode = boost::system::error_code;
  using Moment = std::chrono::steady_clock::time_point;

  virtual ~Wire() = default;

  // All that follows ends by then; what does not fails with boost::asio::error::timed_out.
  void set_deadline(Moment deadline) { deadline_ = deadline; }

  // Connects, and for TLS proves who the server is. Errors: tls_failed, io_failed, request_timeout.
  [[nodiscard]] virtual core::Result<void> open() = 0;

  std::size_t read_some(boost::asio::mutable_buffer into, ErrorCode& error);
  std::size_t write_some(boost::asio::const_buffer from, ErrorCode& error);

  // What waits ends now, and all that follows fails with boost::asio::error::operation_aborted.
  virtual void stop();

  // True when an idle connection has something to read: the server closed it, or breaks the protocol. Either way it is
  // spent.
  [[nodiscard]] bool is_spent();

 protected:
  using Done = std::function<void(ErrorCode, std::size_t)>;

  virtual void start_read(boost::asio::mutable_buffer into, Done done) = 0;
  virtual void start_write(boost::asio::const_buffer from, Done done) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual int descriptor() = 0;

  // Starts an asynchronous operation and runs it to its end. Synchronous operations of a socket know no deadline.
  std::size_t finish(std::function<void(Done)> const& start, ErrorCode& error);
  [[nodiscard]] Moment deadline() const { return deadline_; }

  boost::asio::io_context io_{1};

 private:
  Moment deadline_{};
  std::atomic<bool> stopped_ = false;
};

// `may_lie_at`: as in ClientOptions.
[[nodiscard]] std::unique_ptr<Wire> make_tls_wire(HttpsUrl const& url, boost::asio::ssl::context& context,
                                                  std::function<bool(std::string const&)> may_lie_at = {});
[[nodiscard]] std::unique_ptr<Wire> make_unix_wire(std::filesystem::path const& path);

// An error of the transport as a sentence about `peer`. Codes: tls_failed, io_failed, request_timeout.
[[nodiscard]] core::Error transport_error(Wire::ErrorCode error, std::string const& peer, std::string const& doing);

}  // namespace tocsin::http
