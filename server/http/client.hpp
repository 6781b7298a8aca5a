// A small blocking HTTPS client for the command line, for verbs that talk to the admin socket, and for following peers.
// One thread at a time; `stop` from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::http {

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// Who the client is: a certificate with its chain, and its private key without a passphrase, in PEM.
struct ClientIdentity {
  std::filesystem::path certificate, key;
};

struct ClientOptions {
  std::optional<std::filesystem::path> ca_file;  // PEM; absent: the system's authorities
  // SHA-256 of the certificate (DER) of the only authority to trust, which the server sends; instead of ca_file.
  std::optional<core::Digest> authority{};
  // SHA-256 of public key info: the server's own certificate must carry one of these, whoever signed it and whatever it
  // names; instead of authorities. Empty: authorities decide.
  std::vector<core::Digest> server_keys{};
  // Asked of each address that is found for the host, as text; only one that it allows is connected to. Empty: all are.
  std::function<bool(std::string const&)> may_lie_at{};
  std::optional<ClientIdentity> identity{};   // shown when the server asks for a certificate
  std::chrono::milliseconds timeout{60'000};  // of one exchange
  std::size_t response_limit = 256u << 20;    // bytes of a body, as it is and as it came
  bool compressed = false;                    // asks for gzip and zstd, and undoes them
};

class Client {
 public:
  // `url` is https://host[:port]; errors: bad_parameter, tls_failed (a file of authorities or of the identity).
  [[nodiscard]] static core::Result<Client> https(std::string_view url, ClientOptions options = {});
  [[nodiscard]] static Client unix_socket(std::filesystem::path path, ClientOptions options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // A body that may go on for ever: gives `piece` the bytes of a 2xx answer as they come, until the server ends it or
  // `piece` says false, and leaves them out of what is returned; any other answer is returned whole. On a connection of
  // its own, asked once. The timeout is for the head, and then for the silence between two pieces. Errors as exchange;
  // request_timeout also when the server falls silent, io_failed when the connection breaks before the body's end.
  using Piece = std::function<bool(std::string_view)>;
  [[nodiscard]] core::Result<ClientResponse> follow(ClientRequest const& request, Piece const& piece);

  // Of the exchanges that follow.
  void set_limits(std::chrono::milliseconds timeout, std::size_t response_limit);

  // What is under way ends at once, and all that follows fails: unavailable.
  void stop();

  // The certificate of the pinned authority, in PEM, after an exchange; "" when none is pinned.
  [[nodiscard]] std::string authority() const;

  // Keeps the connection. One that the server closed while idle is replaced before anything is sent; one that breaks
  // before any byte of the answer is replaced once, for methods that are not idempotent only when no byte of the
  // request was sent. The timeout bounds all of it. Errors: bad_parameter (a character that HTTP forbids), tls_failed,
  // io_failed (also an answer beyond the limit), request_timeout, unavailable once stopped. Redirects are not followed.
  [[nodiscard]] core::Result<ClientResponse> exchange(ClientRequest const& request);

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::http
