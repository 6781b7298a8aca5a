#include "server/federation/http_transport.hpp"

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
  explicit HttpTransport(http::Client client) : client_(std::move(client)) {}

  core::Result<PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                               std::chrono::milliseconds timeout) override {
    return ask({.method = "GET", .target = target, .headers = {}, .body = {}}, most_bytes, timeout);
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const& content_type, std::string const& body,
                                std::size_t most_bytes, std::chrono::milliseconds timeout) override {
    return ask({.method = "POST", .target = target, .headers = {{"Content-Type", content_type}}, .body = body},
               most_bytes, timeout);
  }
  void stop() override { client_.stop(); }

 private:
  core::Result<PeerAnswer> ask(http::ClientRequest const& request, std::size_t most_bytes,
                               std::chrono::milliseconds timeout) {
    client_.set_limits(timeout, most_bytes);
    auto answer = client_.exchange(request);
    if (!answer) return std::unexpected(std::move(answer.error()));
    return PeerAnswer{answer->status, std::move(answer->body)};
  }

  http::Client client_;
};

}  // namespace

core::Result<std::unique_ptr<Transport>> http_transport(log::Manifest const& manifest,
                                                        TransportOptions const& options) {
  http::ClientOptions tls;
  tls.server_keys = manifest.tls_pins;
  tls.identity = options.identity;
  if (!options.private_addresses) tls.may_lie_at = is_public;
  auto client = http::Client::https(manifest.url, std::move(tls));
  if (!client) return std::unexpected(std::move(client.error()));
  return std::make_unique<HttpTransport>(*std::move(client));
}

}  // namespace tocsin::federation
