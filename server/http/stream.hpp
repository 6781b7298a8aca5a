// A byte stream under a session: TLS over OpenSSL's socket BIO, or plain for the loopback listener and the admin socket.
// Owned by its session; used on that session's io_context thread only.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "server/http/message.hpp"
#include "server/http/tls.hpp"

namespace tocsin::http {

using Socket = boost::asio::generic::stream_protocol::socket;

class Stream {
 public:
  virtual ~Stream() = default;

  // False when the peer does not finish the handshake properly.
  [[nodiscard]] virtual Awaitable<bool> handshake() = 0;
  // At least one byte, into the reader thread's scratch buffer, valid until the next await; empty at the end or on any failure.
  [[nodiscard]] virtual Awaitable<std::string_view> read_some() = 0;
  // Everything, or false. `progress` is called whenever bytes have left.
  [[nodiscard]] virtual Awaitable<bool> write(std::string_view bytes, std::function<void()> const& progress) = 0;
  // Tells the peer that nothing more comes, without waiting for it.
  virtual void finish_writing() = 0;
  // Ends everything at once; a coroutine that waits on the stream resumes with failure.
  virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);
[[nodiscard]] std::unique_ptr<Stream> make_tls_stream(Socket socket, TlsContext context);

}  // namespace tocsin::http
