// Listening sockets and addresses, over the system's own calls. Used by Server at start and by listeners.
#pragma once

#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "server/http/server.hpp"

namespace tocsin::http {

// Owns a file descriptor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor() { reset(); }
  void reset();
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

// Bound, listening, non-blocking. Error io_failed: not an address, or in use.
[[nodiscard]] core::Result<FileDescriptor> listen_tcp(ListenAddress const& address);

// Mode 0600 before anyone can connect, in a directory that is made 0700. A socket that nobody listens on is replaced; a
// live one, a file of another kind (a symbolic link too), or a directory that is a link or another user's is an error
// io_failed.
[[nodiscard]] core::Result<FileDescriptor> listen_unix(std::filesystem::path const& path);

[[nodiscard]] std::uint16_t bound_port(int descriptor);
[[nodiscard]] bool is_loopback(std::string const& host);

// The textual IP address of a peer; IPv4 seen through an IPv6 socket is IPv4. "" for a Unix socket.
[[nodiscard]] std::string address_text(sockaddr_storage const& address);
// Peers that count as one for the cap: an IPv4 address, or an IPv6 network of 64 bits, which one customer gets whole.
[[nodiscard]] std::string address_block(sockaddr_storage const& address);

// The peer of a Unix socket runs as this process's user, or as root (SO_PEERCRED).
[[nodiscard]] bool peer_is_operator(int descriptor);

}  // namespace tocsin::http
