// Listeners, threads and the life of connections. Owned by app; constructed, run and stopped on the main thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/live.hpp"
#include "server/http/message.hpp"
#include "server/http/router.hpp"

namespace tocsin::base {
class Log;
class Metrics;
}  // namespace tocsin::base

namespace tocsin::http {

struct ListenAddress {
  std::string host;  // textual IP address
  std::uint16_t port = 0;
};

struct ClientFiles {
  std::filesystem::path authorities;  // PEM: the only certificates that chains of clients may end in
  std::filesystem::path revoked;      // PEM: a revocation list of each; empty: none is asked
};

struct TlsFiles {
  std::filesystem::path certificate;  // PEM chain
  std::filesystem::path key;          // PEM
  bool tls12 = false;                 // also TLS 1.2 with AEAD suites
  ClientFiles clients{};              // read for the mutual TLS listener only
};

// What may change while the server runs.
struct ConnectionLimits {
  using Time = base::Live<std::chrono::milliseconds>;
  static constexpr std::chrono::milliseconds kSecond{1'000};

  base::Live<std::size_t> max_connections{10'000};
  base::Live<std::size_t> max_connections_per_address{4'096};
  Time handshake_timeout{5 * kSecond};
  Time header_timeout{10 * kSecond};
  Time idle_timeout{75 * kSecond};
  Time body_timeout{10 * kSecond};                 // plus body size / body_min_rate
  base::Live<std::uint64_t> body_min_rate{1'024};  // bytes a second
  Time write_timeout{30 * kSecond};                // without progress; in all, plus the answer's size / answer_rate()
  Time drain_timeout{10 * kSecond};
  base::Live<std::uint64_t> body_memory{512u << 20};  // bytes that the bodies under way may hold

  // Bytes a second; nobody who reads answers is as slow as the slowest who submits.
  [[nodiscard]] std::uint64_t answer_rate() const { return 64 * body_min_rate; }
};

struct ServerOptions : ConnectionLimits {
  ListenAddress https;                // asks for no client certificate
  std::optional<ListenAddress> mtls;  // asks for one, and hears nobody without
  TlsFiles tls;
  std::optional<std::filesystem::path> admin_socket;  // 0600; only the same user or root (SO_PEERCRED)
  std::optional<ListenAddress> loopback;              // plain HTTP for /metrics, /healthz, /readyz
  unsigned threads = 0;                               // 0: one per core
};

// A gate runs after the route is known and before any body byte is read. It returns a refusal, or nothing to go on.
// Gates run in the order given; each is fast and does not block.
using Gate = std::function<std::optional<Response>(Request&)>;

// Turns an error into an answer in the surface's media type. The path decides the surface when no route matched.
using ErrorRenderer = std::function<Response(Request const&, core::Error const&)>;

// Sees every answer last, before it is sent: metrics, the access log.
using Observer = std::function<void(Request const&, Response const&, std::chrono::nanoseconds)>;

class Server {
 public:
  Server(ServerOptions options, Router const& router, std::vector<Gate> gates, ErrorRenderer render, Observer observe,
         base::Log& log, base::Metrics& metrics);
  ~Server();

  // Binds and loads keys. Errors: tls_failed, io_failed (address in use, …).
  [[nodiscard]] core::Result<void> start();
  [[nodiscard]] ListenAddress address() const;  // with the real port, after start()
  [[nodiscard]] std::optional<ListenAddress> mtls_address() const;
  [[nodiscard]] std::optional<ListenAddress> loopback_address() const;

  // Blocks until stop(); then stops accepting, lets requests in flight finish within drain_timeout, and returns.
  void run();
  void stop();  // any thread, once

  // Any thread: the next handshakes use these files as they are now, and all connections these limits. No connection
  // is dropped, but a client whose certificate is not trusted any more is nobody from its next request on. Errors:
  // tls_failed; then nothing changed.
  [[nodiscard]] core::Result<void> reload(TlsFiles const& files, ConnectionLimits const& limits);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::http
