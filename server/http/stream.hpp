// A byte stream under a connection, one non-blocking step at a time: TLS, or plain for the loopback listener and the
// admin socket. Steps never wait; the connection does. Owned by its connection; that worker's thread only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/base/client_certificate.hpp"
#include "server/http/tls.hpp"

namespace tocsin::http {

enum class Progress : std::uint8_t {
  done,
  want_read,   // wait until the descriptor is readable, then take the same step again
  want_write,  // the same for writable
  ended,       // the peer ended the stream in order
  failed,
};

struct Step {
  Progress progress;
  std::size_t bytes = 0;  // read, when done
};

// Up to three pieces to be sent as if they were one. The bytes are borrowed.
class Gather {
 public:
  explicit Gather(std::string_view head, std::string_view body = {}, std::string_view tail = {})
      : parts_{head, body, tail} {}

  [[nodiscard]] std::size_t size() const { return parts_[0].size() + parts_[1].size() + parts_[2].size(); }
  [[nodiscard]] std::array<std::string_view, 3> const& parts() const { return parts_; }
  void remove_prefix(std::size_t count) {
    for (std::string_view& part : parts_) {
      std::size_t here = std::min(count, part.size());
      part.remove_prefix(here);
      count -= here;
    }
  }

 private:
  std::array<std::string_view, 3> parts_;
};

// What the streams of one thread share, so that a connection that waits owns no buffer.
struct ThreadBuffers {
  std::array<char, 16 * 1024> received;  // what a read step leaves, until the next one on this thread
  std::array<char, 16 * 1024> record;    // plaintext of a record that is gathered from several pieces
  std::string sealed;                    // records on their way to the socket within one step
};

class Stream {
 public:
  virtual ~Stream() = default;
  [[nodiscard]] virtual Step handshake() = 0;
  [[nodiscard]] virtual Step read(std::span<char> into) = 0;
  // Removes from `pieces` what it took. done: everything taken was given to the kernel, and `pieces` is empty.
  [[nodiscard]] virtual Step write(Gather& pieces) = 0;
  // A read may yield bytes although the descriptor is not readable.
  [[nodiscard]] virtual bool has_buffered() const = 0;
  // Tells the peer that nothing more comes, as far as that needs no waiting.
  virtual void end_writing() = 0;

  // What the client's certificate says, after a handshake that verified it; null without one, or when what it says
  // cannot be taken for anybody.
  [[nodiscard]] virtual std::shared_ptr<base::ClientCertificate const> client() const { return nullptr; }
  // Whether `context`, which may be newer than the stream's own, trusts that certificate now.
  [[nodiscard]] virtual bool is_client_trusted(TlsContext const&) const { return false; }
  // Why the client's certificate ended the handshake, in OpenSSL's words; "" when it did not.
  [[nodiscard]] virtual std::string_view client_refusal() const { return {}; }
};

// The descriptor stays the caller's and outlives the stream. Throws std::bad_alloc.
[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(int descriptor);
[[nodiscard]] std::unique_ptr<Stream> make_tls_stream(int descriptor, TlsContext const& context,
                                                      ThreadBuffers& buffers);

}  // namespace tocsin::http
