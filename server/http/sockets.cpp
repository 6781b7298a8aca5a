#include "server/http/sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

namespace tocsin::http {
namespace {

constexpr int kBacklog = 4'096;

std::unexpected<core::Error> failed(std::string const& what, int error, std::string remedy = {}) {
  return core::fail(core::Code::io_failed, what + ": " + std::generic_category().message(error) + ".", "",
                    std::move(remedy));
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] sockaddr const* get() const { return reinterpret_cast<sockaddr const*>(&storage); }
};

std::optional<SocketAddress> parse_address(ListenAddress const& from) {
  SocketAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET, from.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(from.port);
    address.size = sizeof v4;
    return address;
  }
  if (::inet_pton(AF_INET6, from.host.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(from.port);
  address.size = sizeof v6;
  return address;
}

FileDescriptor open_socket(int family) {
  return FileDescriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// Who may write to a socket's directory could put another socket in its place.
core::Result<void> close_directory(std::filesystem::path const& directory) {
  FileDescriptor held(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found{};
  if (!held.is_open() || ::fstat(held.get(), &found) != 0)
    return failed("The directory of the admin socket, " + directory.string() + ", cannot be opened", errno);
  if (found.st_uid != ::geteuid())
    return core::fail(core::Code::io_failed, directory.string() + " belongs to another user than the server runs as.",
                      "", "Give it to that user, or run the server as its owner.");
  if ((found.st_mode & 07777) != S_IRWXU && ::fchmod(held.get(), S_IRWXU) != 0)
    return failed(directory.string() + " cannot be closed to other users", errno);
  return {};
}

// Removes the socket that a killed server left behind.
core::Result<void> clear_way(std::filesystem::path const& path, SocketAddress const& address) {
  struct stat file{};
  if (::lstat(path.c_str(), &file) != 0) return {};
  if (!S_ISSOCK(file.st_mode))
    return core::fail(core::Code::io_failed, path.string() + " is in the way: it is not a socket.", "",
                      "Move it away.");
  FileDescriptor probe = open_socket(AF_UNIX);
  if (::connect(probe.get(), address.get(), address.size) == 0 || errno == EAGAIN)
    return core::fail(core::Code::io_failed, "Another server listens on " + path.string() + ".", "", "Stop it first.");
  if (::unlink(path.c_str()) != 0) return failed("The old socket " + path.string() + " cannot be removed", errno);
  return {};
}

// The 4 or 16 bytes of an address in network order; an IPv4-mapped one is 4.
std::string_view address_bytes(sockaddr_storage const& address) {
  if (address.ss_family == AF_INET)
    return {reinterpret_cast<char const*>(&reinterpret_cast<sockaddr_in const&>(address).sin_addr), 4};
  if (address.ss_family != AF_INET6) return {};
  auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(address).sin6_addr;
  std::string_view bytes(reinterpret_cast<char const*>(&v6), sizeof v6);
  return IN6_IS_ADDR_V4MAPPED(&v6) ? bytes.substr(12) : bytes;
}

}  // namespace

void FileDescriptor::reset() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

core::Result<FileDescriptor> listen_tcp(ListenAddress const& from) {
  std::string what = "Cannot listen on " + from.host + " port " + std::to_string(from.port);
  auto address = parse_address(from);
  if (!address)
    return core::fail(core::Code::io_failed, what + ": that is not an IP address.", "",
                      "Give an address of this machine, 0.0.0.0 or ::.");
  FileDescriptor socket = open_socket(address->storage.ss_family);
  if (!socket.is_open()) return failed(what, errno);
  int on = 1, off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->storage.ss_family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket.get(), address->get(), address->size) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return failed(what, errno, errno == EADDRINUSE ? "Choose another port, or 0 for any free one." : "");
  return socket;
}

core::Result<FileDescriptor> listen_unix(std::filesystem::path const& path) {
  SocketAddress address;
  auto& name = reinterpret_cast<sockaddr_un&>(address.storage);
  if (path.native().size() >= sizeof name.sun_path)
    return core::fail(core::Code::io_failed, "The path of the admin socket is longer than 107 bytes.", "",
                      "Use a shorter path for the data directory.");
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.c_str(), path.native().size());
  address.size = sizeof name;
  if (auto closed = close_directory(path.parent_path()); !closed) return std::unexpected(std::move(closed.error()));
  if (auto clear = clear_way(path, address); !clear) return std::unexpected(std::move(clear.error()));
  FileDescriptor socket = open_socket(AF_UNIX);
  // Nobody can connect before listen(), so the mode is never open to a race.
  if (!socket.is_open() || ::bind(socket.get(), address.get(), address.size) != 0 ||
      ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return failed("Cannot listen on " + path.string(), errno);
  return socket;
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in const&>(address).sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6 const&>(address).sin6_port);
}

bool is_loopback(std::string const& host) {
  auto address = parse_address({host, 0});
  if (!address) return false;
  std::string_view bytes = address_bytes(address->storage);
  if (bytes.size() == 4) return bytes[0] == 127;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6 const&>(address->storage).sin6_addr);
}

std::string address_text(sockaddr_storage const& address) {
  std::string_view bytes = address_bytes(address);
  if (bytes.empty()) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

std::string address_block(sockaddr_storage const& address) { return std::string(address_bytes(address).substr(0, 8)); }

bool peer_is_operator(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace tocsin::http
