#include "server/http/client_wire.hpp"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tocsin::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using core::Code;

// What a lookup leaves behind. The looking thread owns a share: getaddrinfo cannot be interrupted, so it may outlive
// the wait.
struct Lookup {
  std::mutex mutex;
  std::condition_variable ready;
  bool done = false, stopped = false;
  int status = 0;
  std::vector<tcp::endpoint> endpoints;
};

void look_up(std::shared_ptr<Lookup> const& lookup, std::string const& host, std::string const& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int const status = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  std::vector<tcp::endpoint> endpoints;
  for (auto const* it = status == 0 ? found : nullptr; it != nullptr; it = it->ai_next) {
    tcp::endpoint endpoint;
    if (it->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(it->ai_addrlen);
    std::memcpy(endpoint.data(), it->ai_addr, it->ai_addrlen);
    endpoints.push_back(endpoint);
  }
  if (status == 0) freeaddrinfo(found);
  std::lock_guard lock(lookup->mutex);
  lookup->status = status;
  lookup->endpoints = std::move(endpoints);
  lookup->done = true;
  lookup->ready.notify_one();
}

core::Result<std::vector<tcp::endpoint>> resolve(HttpsUrl const& url, std::shared_ptr<Lookup> const& lookup,
                                                 Wire::Moment deadline) {
  if (url.is_address) {
    Wire::ErrorCode error;
    auto address = asio::ip::make_address(url.host, error);
    if (!error) return std::vector{tcp::endpoint(address, static_cast<std::uint16_t>(std::stoi(url.port)))};
  }
  std::thread([lookup, host = url.host, port = url.port] { look_up(lookup, host, port); }).detach();
  std::unique_lock lock(lookup->mutex);
  bool const woken = lookup->ready.wait_until(lock, deadline, [&] { return lookup->done || lookup->stopped; });
  if (woken && lookup->stopped)
    return std::unexpected(transport_error(asio::error::operation_aborted, url.host, "Finding the address of"));
  if (!woken) {
    return core::fail(Code::request_timeout, "The address of " + url.host + " was not found in time.", {},
                      "Check the name service of this machine.");
  }
  if (lookup->status != 0 || lookup->endpoints.empty()) {
    std::string why = lookup->status != 0 ? gai_strerror(lookup->status) : "it has no address";
    return core::fail(Code::io_failed, "The address of " + url.host + " could not be found: " + why + ".", {},
                      "Check the host in the URL.");
  }
  return std::move(lookup->endpoints);
}

class TlsWire final : public Wire {
 public:
  TlsWire(HttpsUrl url, asio::ssl::context& context, std::function<bool(std::string const&)> may_lie_at)
      : url_(std::move(url)), may_lie_at_(std::move(may_lie_at)), stream_(io_, context) {}

  void stop() override {
    {
      std::lock_guard lock(lookup_->mutex);
      lookup_->stopped = true;
    }
    lookup_->ready.notify_one();
    Wire::stop();
  }

  core::Result<void> open() override {
    auto endpoints = resolve(url_, lookup_, deadline());
    if (!endpoints) return std::unexpected(std::move(endpoints.error()));
    if (auto some = leave_allowed(*endpoints); !some) return some;
    ErrorCode error;
    finish(
        [&](Done done) {
          asio::async_connect(stream_.next_layer(), *endpoints,
                              [done](ErrorCode failure, tcp::endpoint const&) { done(failure, 0); });
        },
        error);
    if (error) return std::unexpected(transport_error(error, url_.authority(), "Connecting to"));
    stream_.next_layer().set_option(tcp::no_delay(true), error);
    if (!expect_server()) {
      return core::fail(Code::tls_failed, "The TLS library cannot check the name " + url_.host + ".");
    }
    finish(
        [&](Done done) {
          stream_.async_handshake(asio::ssl::stream_base::client, [done](ErrorCode failure) { done(failure, 0); });
        },
        error);
    if (error) return std::unexpected(handshake_error(error));
    return {};
  }

 protected:
  void start_read(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void start_write(asio::const_buffer from, Done done) override { stream_.async_write_some(from, std::move(done)); }
  void close() override {
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
  }
  int descriptor() override { return stream_.next_layer().native_handle(); }

 private:
  // What was looked up is what is connected to: no second answer of the name service can be another one.
  core::Result<void> leave_allowed(std::vector<tcp::endpoint>& endpoints) const {
    if (!may_lie_at_) return {};
    std::erase_if(endpoints, [&](tcp::endpoint const& one) { return !may_lie_at_(one.address().to_string()); });
    if (!endpoints.empty()) return {};
    return core::fail(Code::io_failed, url_.authority() + " lies at no address that may be connected to.", {},
                      "Check the host in the URL; a private address is allowed by federation.private_addresses.");
  }

  // RFC 9110 section 4.3.4: the certificate must name the host of the URL, an address as an address.
  bool expect_server() {
    auto* handle = stream_.native_handle();
    auto* expected = SSL_get0_param(handle);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (url_.is_address) return X509_VERIFY_PARAM_set1_ip_asc(expected, url_.host.c_str()) == 1;
    return X509_VERIFY_PARAM_set1_host(expected, url_.host.c_str(), url_.host.size()) == 1 &&
           SSL_set_tlsext_host_name(handle, url_.host.c_str()) == 1;
  }

  core::Error handshake_error(ErrorCode error) {
    long const verdict = SSL_get_verify_result(stream_.native_handle());
    if (verdict == X509_V_OK) return transport_error(error, url_.authority(), "The TLS handshake with");
    if (verdict == X509_V_ERR_APPLICATION_VERIFICATION)
      return {Code::tls_failed, "The certificate of " + url_.authority() + " has another key than those pinned.", "",
              "Ask its operator for the newest manifest."};
    std::string remedy = "Name the authority that signed it with --ca FILE.";
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
      remedy = "Use the host that the certificate names.";
    } else if (verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID) {
      remedy = "Check this machine's clock; otherwise the operator must renew the certificate.";
    }
    return {Code::tls_failed,
            "The certificate of " + url_.authority() + " is refused: " + X509_verify_cert_error_string(verdict) + ".",
            "", std::move(remedy)};
  }

  HttpsUrl url_;
  std::function<bool(std::string const&)> may_lie_at_;
  std::shared_ptr<Lookup> const lookup_ = std::make_shared<Lookup>();
  asio::ssl::stream<tcp::socket> stream_;
};

class UnixWire final : public Wire {
 public:
  explicit UnixWire(std::filesystem::path path) : path_(std::move(path)), socket_(io_) {}

  core::Result<void> open() override {
    if (path_.native().size() >= sizeof(sockaddr_un{}.sun_path)) {
      return core::fail(Code::io_failed, "The path of the socket " + path_.string() + " is too long.");
    }
    ErrorCode error;
    finish(
        [&](Done done) {
          socket_.async_connect(asio::local::stream_protocol::endpoint(path_.string()),
                                [done](ErrorCode failure) { done(failure, 0); });
        },
        error);
    if (error) return std::unexpected(transport_error(error, path_.string(), "Connecting to"));
    return {};
  }

 protected:
  void start_read(asio::mutable_buffer into, Done done) override { socket_.async_read_some(into, std::move(done)); }
  void start_write(asio::const_buffer from, Done done) override { socket_.async_write_some(from, std::move(done)); }
  void close() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }
  int descriptor() override { return socket_.native_handle(); }

 private:
  std::filesystem::path path_;
  asio::local::stream_protocol::socket socket_;
};

}  // namespace

std::size_t Wire::finish(std::function<void(Done)> const& start, ErrorCode& error) {
  if (stopped_) {
    error = asio::error::operation_aborted;
    return 0;
  }
  std::optional<std::pair<ErrorCode, std::size_t>> outcome;
  start([&outcome](ErrorCode failure, std::size_t size) { outcome.emplace(failure, size); });
  io_.restart();
  while (!outcome && !stopped_ && io_.run_one_until(deadline_) > 0) {
  }
  if (!outcome) {
    close();    // the operation ends now, as aborted
    io_.run();  // and must have, before `outcome` goes away
    outcome.emplace(stopped_ ? ErrorCode(asio::error::operation_aborted) : ErrorCode(asio::error::timed_out), 0);
  }
  error = outcome->first;
  return outcome->second;
}

std::size_t Wire::read_some(asio::mutable_buffer into, ErrorCode& error) {
  return finish([&](Done done) { start_read(into, std::move(done)); }, error);
}

std::size_t Wire::write_some(asio::const_buffer from, ErrorCode& error) {
  return finish([&](Done done) { start_write(from, std::move(done)); }, error);
}

// The empty job wakes the thread that waits in finish().
void Wire::stop() {
  stopped_ = true;
  asio::post(io_, [] {});
}

bool Wire::is_spent() {
  pollfd state{.fd = descriptor(), .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, 0) != 0;
}

std::unique_ptr<Wire> make_tls_wire(HttpsUrl const& url, asio::ssl::context& context,
                                    std::function<bool(std::string const&)> may_lie_at) {
  return std::make_unique<TlsWire>(url, context, std::move(may_lie_at));
}

std::unique_ptr<Wire> make_unix_wire(std::filesystem::path const& path) { return std::make_unique<UnixWire>(path); }

core::Error transport_error(Wire::ErrorCode error, std::string const& peer, std::string const& doing) {
  if (error == asio::error::timed_out) {
    return {Code::request_timeout, doing + " " + peer + " took too long.", "", "Try again later."};
  }
  if (error.category() == asio::error::get_ssl_category()) {
    char const* reason = ERR_reason_error_string(static_cast<unsigned long>(error.value()));
    return {Code::tls_failed, doing + " " + peer + " failed: " + (reason != nullptr ? reason : error.message()) + ".",
            "", "Check that the port speaks TLS 1.2 or newer, and trusts your certificate if it asks for one."};
  }
  return {Code::io_failed, doing + " " + peer + " failed: " + error.message() + ".", "", ""};
}

}  // namespace tocsin::http
