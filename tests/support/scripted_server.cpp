#include "tests/support/scripted_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace tocsin::test {
namespace {

void need(bool good) {
  if (!good) throw std::runtime_error("the scripted server could not start");
}

BIO* memory(std::string const& text) { return BIO_new_mem_buf(text.data(), static_cast<int>(text.size())); }

std::size_t content_length(std::string_view head) {
  auto const at = head.find("\r\nContent-Length: ");
  std::size_t out = 0;
  if (at != head.npos) std::from_chars(head.data() + at + 18, head.data() + head.size(), out);
  return out;
}

}  // namespace

struct ScriptedServer::Seen {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<ScriptedRequest> requests;
  int connections = 0;
  int closed = 0;
};

struct ScriptedServer::Tls {
  explicit Tls(TestCertificate const& pair) : context(SSL_CTX_new(TLS_server_method())) {
    auto* certificate_bio = memory(pair.certificate);
    auto* key_bio = memory(pair.key);
    auto* certificate = PEM_read_bio_X509(certificate_bio, nullptr, nullptr, nullptr);
    auto* key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
    need(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificate_bio);
    BIO_free(key_bio);
  }
  ~Tls() { SSL_CTX_free(context); }
  Tls(Tls const&) = delete;
  Tls& operator=(Tls const&) = delete;
  SSL_CTX* context;
};

// A socket, plain or under TLS. Waits end when the server stops.
struct ScriptedServer::Connection {
  Connection(int descriptor, int stop, Tls* tls) : descriptor_(descriptor), stop_(stop) {
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls->context);
    SSL_set_fd(ssl_, descriptor);
  }
  ~Connection() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    ::close(descriptor_);
  }
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  bool accept() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }
  bool readable() const {
    if (ssl_ != nullptr && SSL_pending(ssl_) > 0) return true;
    pollfd waits[2]{{descriptor_, POLLIN, 0}, {stop_, POLLIN, 0}};
    return ::poll(waits, 2, -1) > 0 && waits[1].revents == 0;
  }
  bool read(std::string& into) const {
    char buffer[16'384];
    if (!readable()) return false;
    auto const size =
        ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer) : ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (size > 0) into.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      auto const size = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                        : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }
  void half_close() const {
    if (ssl_ != nullptr) SSL_shutdown(ssl_);
    ::shutdown(descriptor_, SHUT_WR);
  }
  void drain() const {
    std::string ignored;
    while (read(ignored)) ignored.clear();
  }

  int number = 0;

 private:
  int descriptor_;
  int stop_;
  SSL* ssl_ = nullptr;
};

ScriptedReply reply(int status, std::string const& body, std::string const& more_headers) {
  return {"HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n" + more_headers + "\r\n" + body,
          false, false};
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)), seen_(std::make_unique<Seen>()) {
  std::string folder = (std::filesystem::temp_directory_path() / "tocsin-test-XXXXXX").string();
  need(::mkdtemp(folder.data()) != nullptr && ::pipe2(stop_, O_CLOEXEC) == 0);
  path_ = std::filesystem::path(folder) / "socket";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  need(path_.native().size() < sizeof address.sun_path);
  std::strcpy(address.sun_path, path_.c_str());
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(listener_, 16) == 0);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::ScriptedServer(Script script, TestCertificate const& certificate)
    : script_(std::move(script)), tls_(std::make_unique<Tls>(certificate)), seen_(std::make_unique<Seen>()) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(::pipe2(stop_, O_CLOEXEC) == 0 && ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
       ::listen(listener_, 16) == 0 && ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  (void)!::write(stop_[1], "x", 1);
  thread_.join();
  for (int descriptor : {listener_, stop_[0], stop_[1]}) ::close(descriptor);
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_.parent_path(), ignored);
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  std::lock_guard lock(seen_->mutex);
  return seen_->requests;
}

int ScriptedServer::connections() const {
  std::lock_guard lock(seen_->mutex);
  return seen_->connections;
}

void ScriptedServer::wait_closed(int connections) const {
  std::unique_lock lock(seen_->mutex);
  seen_->changed.wait(lock, [&] { return seen_->closed >= connections; });
}

void ScriptedServer::serve() {
  for (;;) {
    pollfd waits[2]{{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0) return;
    int const descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    {
      Connection connection(descriptor, stop_[0], tls_.get());
      std::unique_lock lock(seen_->mutex);
      connection.number = ++seen_->connections;
      lock.unlock();
      converse(connection);
    }
    std::lock_guard lock(seen_->mutex);
    ++seen_->closed;
    seen_->changed.notify_all();
  }
}

void ScriptedServer::converse(Connection& connection) {
  std::string read;
  if (!connection.accept()) return;
  while (answer_one(connection, read)) {
  }
}

bool ScriptedServer::answer_one(Connection& connection, std::string& read) {
  auto end = read.npos;
  while ((end = read.find("\r\n\r\n")) == read.npos) {
    if (!connection.read(read)) return false;
  }
  ScriptedRequest request;
  request.connection = connection.number;
  request.head = read.substr(0, end + 2);
  request.method = request.head.substr(0, request.head.find(' '));
  auto const target = request.method.size() + 1;
  request.target = request.head.substr(target, request.head.find(' ', target) - target);
  if (auto early = script_.early ? script_.early(request) : std::nullopt) {
    connection.write(early->bytes);
    connection.half_close();
    connection.drain();
    return false;
  }
  auto const length = content_length(request.head);
  while (read.size() < end + 4 + length) {
    if (!connection.read(read)) return false;
  }
  request.body = read.substr(end + 4, length);
  read.erase(0, end + 4 + length);
  {
    std::lock_guard lock(seen_->mutex);
    seen_->requests.push_back(request);
  }
  auto const answer = script_.answer(request);
  if (!connection.write(answer.bytes) || answer.close_after) return false;
  if (answer.hang) connection.drain();
  return !answer.hang;
}

}  // namespace tocsin::test
