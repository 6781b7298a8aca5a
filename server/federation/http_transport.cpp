#include "server/federation/http_transport.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "server/access/reserved.hpp"

namespace tocsin::federation {
namespace {

// Neither loopback, private and link-local addresses nor any other that IANA reserves.
bool is_public(std::string const& address) {
  auto const network = access::Network::parse(address);
  return network && access::reservation_of(*network) == nullptr;
}

class HttpTransport final : public Transport {
 public:
  HttpTransport(std::string url, http::ClientOptions options) : url_(std::move(url)), options_(std::move(options)) {}

  core::Result<PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                               std::chrono::milliseconds timeout) override {
    return ask({.method = "GET", .target = target, .headers = {}, .body = {}}, most_bytes, timeout);
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const& content_type, std::string const& body,
                                std::size_t most_bytes, std::chrono::milliseconds timeout) override {
    return ask({.method = "POST", .target = target, .headers = {{"Content-Type", content_type}}, .body = body},
               most_bytes, timeout);
  }
  void stop() override {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    if (client_) client_->stop();
  }

 private:
  core::Result<http::Client*> client() {
    std::lock_guard lock(mutex_);
    if (stopped_) return core::fail(core::Code::unavailable, "The peer is not followed any more.");
    if (!client_) {
      auto made = http::Client::https(url_, options_);
      if (!made) return std::unexpected(std::move(made.error()));
      client_.emplace(*std::move(made));
    }
    return &*client_;
  }

  core::Result<PeerAnswer> ask(http::ClientRequest const& request, std::size_t most_bytes,
                               std::chrono::milliseconds timeout) {
    auto asked = client();
    if (!asked) return std::unexpected(std::move(asked.error()));
    (*asked)->set_limits(timeout, most_bytes);
    auto answer = (*asked)->exchange(request);
    if (answer) return PeerAnswer{answer->status, std::move(answer->body)};
    if (answer.error().code == core::Code::tls_failed) {
      std::lock_guard lock(mutex_);
      client_.reset();
    }
    return std::unexpected(std::move(answer.error()));
  }

  std::string const url_;
  http::ClientOptions const options_;
  std::mutex mutex_;
  // Guarded by mutex_; used by the thread that asks, which alone makes and drops it.
  std::optional<http::Client> client_;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Transport> http_transport(log::Manifest const& manifest, TransportOptions const& options) {
  http::ClientOptions tls;
  tls.server_keys = manifest.tls_pins;
  tls.identity = options.identity;
  if (!options.private_addresses) tls.may_lie_at = is_public;
  return std::make_unique<HttpTransport>(manifest.url, std::move(tls));
}

}  // namespace tocsin::federation
