#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace tocsin::test {
namespace {

constexpr std::chrono::milliseconds kPatience{20'000};

struct Freed {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* memory) const { BIO_free_all(memory); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

int connect_to(sockaddr const* address, socklen_t size, int family) {
  int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::runtime_error("no socket");
  if (::connect(descriptor, address, size) != 0) {
    ::close(descriptor);
    throw std::runtime_error("cannot connect");
  }
  int on = 1;
  if (family == AF_INET) ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

int connect_tcp(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect_to(reinterpret_cast<sockaddr*>(&address), sizeof address, AF_INET);
}

void use(SSL_CTX* context, TestCertificate const& own) {
  auto memory = [](std::string const& text) {
    return std::unique_ptr<BIO, Freed>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  };
  std::unique_ptr<X509, Freed> certificate(PEM_read_bio_X509(memory(own.certificate).get(), nullptr, nullptr, nullptr));
  std::unique_ptr<EVP_PKEY, Freed> key(PEM_read_bio_PrivateKey(memory(own.key).get(), nullptr, nullptr, nullptr));
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    throw std::runtime_error("the client's certificate cannot be used");
}

}  // namespace

std::optional<std::string> RawResponse::header(std::string_view name) const {
  std::string wanted = "\r\n" + lower(name) + ": ";
  auto at = lower(head).find(wanted);
  if (at == std::string::npos) return std::nullopt;
  at += wanted.size();
  return head.substr(at, head.find("\r\n", at) - at);
}

struct RawClient::Impl {
  int descriptor = -1;
  std::unique_ptr<SSL_CTX, Freed> context;
  std::unique_ptr<SSL, Freed> ssl;
  std::string buffer;  // received, not consumed

  ~Impl() {
    ssl.reset();
    if (descriptor >= 0) ::close(descriptor);
  }

  bool readable(std::chrono::milliseconds wait) const {
    if (ssl && SSL_pending(ssl.get()) > 0) return true;
    pollfd waiting{descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0;
  }

  // False at the end of the connection.
  bool fill() {
    if (!readable(kPatience)) throw std::runtime_error("the server did not answer in time");
    std::array<char, 16 * 1024> chunk;
    ERR_clear_error();
    auto got = ssl ? SSL_read(ssl.get(), chunk.data(), static_cast<int>(chunk.size()))
                   : static_cast<int>(::recv(descriptor, chunk.data(), chunk.size(), 0));
    if (got <= 0) return false;
    buffer.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }

  // False when the connection ended first.
  bool need(std::size_t size) {
    while (buffer.size() < size)
      if (!fill()) return false;
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = buffer.substr(0, size);
    buffer.erase(0, size);
    return taken;
  }

  std::optional<std::string> take_through(std::string_view mark) {
    for (;;) {
      if (auto at = buffer.find(mark); at != std::string::npos) return take(at + mark.size());
      if (!fill()) return std::nullopt;
    }
  }

  bool take_chunks(std::string& body) {
    for (;;) {
      auto line = take_through("\r\n");
      if (!line) return false;
      std::size_t size = std::stoul(*line, nullptr, 16);
      if (!need(size + 2)) return false;
      body += take(size);
      if (take(2) != "\r\n") throw std::runtime_error("a chunk does not end with CR LF");
      if (size == 0) return true;
    }
  }
};

RawClient::RawClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RawClient::RawClient(RawClient&&) noexcept = default;
RawClient& RawClient::operator=(RawClient&&) noexcept = default;
RawClient::~RawClient() = default;

RawClient RawClient::tcp(std::uint16_t port) {
  auto impl = std::make_unique<Impl>();
  impl->descriptor = connect_tcp(port);
  return RawClient(std::move(impl));
}

RawClient RawClient::unix_socket(std::filesystem::path const& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  auto impl = std::make_unique<Impl>();
  impl->descriptor = connect_to(reinterpret_cast<sockaddr*>(&address), sizeof address, AF_UNIX);
  return RawClient(std::move(impl));
}

RawClient RawClient::secure(std::uint16_t port, int version, TestCertificate const* own) {
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  auto impl = std::make_unique<Impl>();
  impl->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(impl->context.get(), version);
  if (own != nullptr) use(impl->context.get(), *own);
  impl->ssl.reset(SSL_new(impl->context.get()));
  SSL_set_alpn_protos(impl->ssl.get(), kProtocols, sizeof kProtocols - 1);
  impl->descriptor = connect_tcp(port);
  SSL_set_fd(impl->ssl.get(), impl->descriptor);
  ERR_clear_error();
  if (SSL_connect(impl->ssl.get()) != 1) throw std::runtime_error("the handshake failed");
  return RawClient(std::move(impl));
}

RawClient RawClient::tls(std::uint16_t port) { return secure(port, TLS1_3_VERSION); }
RawClient RawClient::tls12(std::uint16_t port) { return secure(port, TLS1_2_VERSION); }
RawClient RawClient::tls(std::uint16_t port, TestCertificate const& own) { return secure(port, TLS1_3_VERSION, &own); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    auto sent = impl_->ssl ? SSL_write(impl_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : static_cast<int>(::send(impl_->descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<RawResponse> RawClient::receive(bool to_head) {
  RawResponse response;
  do {
    auto head = impl_->take_through("\r\n\r\n");
    if (!head) return std::nullopt;
    if (!head->starts_with("HTTP/1.1 ")) throw std::runtime_error("not a response: " + head->substr(0, 40));
    response.head = *std::move(head);
    response.status = std::stoi(response.head.substr(9, 3));
  } while (response.status == 100);
  if (to_head || response.status == 204 || response.status == 304) return response;
  if (response.header("Transfer-Encoding")) {
    response.complete = impl_->take_chunks(response.body);
  } else {
    std::size_t size = std::stoul(response.header("Content-Length").value_or("0"));
    response.complete = impl_->need(size);
    response.body = impl_->take(size);
  }
  return response;
}

RawResponse RawClient::ask(std::string_view request, bool to_head) {
  if (!send(request)) throw std::runtime_error("the server closed the connection before the request");
  auto response = receive(to_head);
  if (!response) throw std::runtime_error("the server closed the connection without an answer");
  return *std::move(response);
}

std::string RawClient::read_to_end() {
  while (impl_->fill()) {
  }
  return std::exchange(impl_->buffer, {});
}

std::optional<std::string> RawClient::read_through(std::string_view mark) { return impl_->take_through(mark); }

bool RawClient::is_quiet(Time wait) {
  auto end = std::chrono::steady_clock::now() + wait;
  while (impl_->buffer.empty()) {
    auto left = std::chrono::duration_cast<Time>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !impl_->readable(left)) return true;
    std::array<char, 1> byte;
    if (!impl_->ssl) return false;
    // Session tickets make the socket readable too: only bytes of the stream, or its end, break the quiet.
    int flags = ::fcntl(impl_->descriptor, F_GETFL);
    ::fcntl(impl_->descriptor, F_SETFL, flags | O_NONBLOCK);
    ERR_clear_error();
    int got = SSL_peek(impl_->ssl.get(), byte.data(), 1);
    bool waiting = got <= 0 && SSL_get_error(impl_->ssl.get(), got) == SSL_ERROR_WANT_READ;
    ::fcntl(impl_->descriptor, F_SETFL, flags);
    if (!waiting) return false;
  }
  return false;
}

void RawClient::half_close() {
  if (impl_->ssl) SSL_shutdown(impl_->ssl.get());
  ::shutdown(impl_->descriptor, SHUT_WR);
}

std::string RawClient::peer_certificate() const {
  std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(impl_->ssl.get()), X509_free);
  std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), BIO_free_all);
  PEM_write_bio_X509(memory.get(), certificate.get());
  char* data = nullptr;
  auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string RawClient::protocol() const { return SSL_get_version(impl_->ssl.get()); }

std::string RawClient::application_protocol() const {
  unsigned char const* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(impl_->ssl.get(), &name, &size);
  return {reinterpret_cast<char const*>(name), size};
}

}  // namespace tocsin::test
