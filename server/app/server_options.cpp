#include "server/app/server_options.hpp"

#include "server/app/descriptors.hpp"

namespace tocsin::app {

http::ServerOptions server_options(Layout const& layout, base::Config const& config) {
  using std::chrono::seconds;
  http::ServerOptions options;
  options.https = {config.listen.https.host, config.listen.https.port};
  options.tls = {layout.directory / config.tls.certificate,
                 layout.directory / config.tls.key,
                 config.listen.tls12,
                 {layout.directory / config.tls.client_ca, {}}};
  if (!config.tls.client_crl.empty()) options.tls.clients.revoked = layout.directory / config.tls.client_crl;
  if (config.listen.mtls) options.mtls = http::ListenAddress{config.listen.mtls->host, config.listen.mtls->port};
  options.admin_socket = layout.admin_socket();
  if (config.listen.loopback)
    options.loopback = http::ListenAddress{config.listen.loopback->host, config.listen.loopback->port};
  options.threads = static_cast<unsigned>(config.http.threads);
  options.max_connections = connections_that_fit(config);
  options.max_connections_per_address = connections_of_one_address(config);
  options.handshake_timeout = seconds(config.http.handshake_timeout_s);
  options.header_timeout = seconds(config.http.header_timeout_s);
  options.idle_timeout = seconds(config.http.idle_timeout_s);
  options.body_timeout = seconds(config.http.body_timeout_s);
  options.body_min_rate = static_cast<std::uint64_t>(config.http.body_min_rate_bytes_per_s);
  options.body_memory = static_cast<std::uint64_t>(config.http.body_memory_mib) << 20;
  options.write_timeout = seconds(config.http.write_timeout_s);
  options.drain_timeout = seconds(config.http.drain_timeout_s);
  return options;
}

}  // namespace tocsin::app
