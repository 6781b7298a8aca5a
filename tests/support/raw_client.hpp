// A client that sends the bytes a test gives it and shows the bytes that come back, over TLS, TCP or a Unix socket.
// Owned by a test; one thread at a time. Waits end by a timeout, which throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/test_certificates.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace tocsin::test {

struct RawResponse {
  int status = 0;
  std::string head;      // with the empty line
  std::string body;      // chunks joined
  bool complete = true;  // false: the connection ended before the response did

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

class RawClient {
 public:
  using Time = std::chrono::milliseconds;

  // Throws std::runtime_error when it cannot connect, or the handshake fails.
  [[nodiscard]] static RawClient tls(std::uint16_t port);
  [[nodiscard]] static RawClient tls12(std::uint16_t port);
  // Presents a certificate. That the server refuses it shows in what is received: TLS 1.3 lets the client finish first.
  [[nodiscard]] static RawClient tls(std::uint16_t port, TestCertificate const& own);
  [[nodiscard]] static RawClient tcp(std::uint16_t port);
  [[nodiscard]] static RawClient unix_socket(std::filesystem::path const& path);

  RawClient(RawClient&&) noexcept;
  RawClient& operator=(RawClient&&) noexcept;
  ~RawClient();

  // False when the server has closed the connection.
  bool send(std::string_view bytes);
  // The next response; `to_head`: it answers HEAD, so no body follows. nullopt: the connection ended instead.
  [[nodiscard]] std::optional<RawResponse> receive(bool to_head = false);
  // send(), then receive(); throws without a response.
  RawResponse ask(std::string_view request, bool to_head = false);
  // Everything until the server closes.
  [[nodiscard]] std::string read_to_end();
  [[nodiscard]] std::optional<std::string> read_through(std::string_view mark);  // nullopt: the connection ended first
  [[nodiscard]] bool is_quiet(Time wait);  // nothing arrives and nothing ends within `wait`
  void half_close();                       // ends the sending side

  [[nodiscard]] std::string peer_certificate() const;  // PEM
  [[nodiscard]] std::string protocol() const;          // "TLSv1.3"
  [[nodiscard]] std::string application_protocol() const;

 private:
  struct Impl;
  explicit RawClient(std::unique_ptr<Impl> impl);
  static RawClient secure(std::uint16_t port, int version, TestCertificate const* own = nullptr);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::test
