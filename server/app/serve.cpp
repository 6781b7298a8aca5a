#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <thread>

#include "server/app/verbs.hpp"
#include "server/base/files.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/gates.hpp"
#include "server/http/server.hpp"

namespace tocsin::app {
namespace {

http::ServerOptions server_options(Layout const& layout, base::Config const& config) {
  using std::chrono::seconds;
  http::ServerOptions options;
  options.https = {config.listen.https.host, config.listen.https.port};
  options.tls = {layout.directory / config.tls.certificate, layout.directory / config.tls.key, config.listen.tls12};
  options.admin_socket = layout.admin_socket();
  if (config.listen.loopback) options.loopback = http::ListenAddress{config.listen.loopback->host, config.listen.loopback->port};
  options.threads = static_cast<unsigned>(config.http.threads);
  options.max_connections = static_cast<std::size_t>(config.http.max_connections);
  options.max_connections_per_address = static_cast<std::size_t>(config.http.max_connections_per_address);
  options.handshake_timeout = seconds(config.http.handshake_timeout_s);
  options.header_timeout = seconds(config.http.header_timeout_s);
  options.idle_timeout = seconds(config.http.idle_timeout_s);
  options.body_timeout = seconds(config.http.body_timeout_s);
  options.body_min_rate = static_cast<std::uint64_t>(config.http.body_min_rate_bytes_per_s);
  options.write_timeout = seconds(config.http.write_timeout_s);
  options.drain_timeout = seconds(config.http.drain_timeout_s);
  return options;
}

// SIGHUP: keys and certificates as the files are now; a configuration with mistakes changes nothing.
void reload(Layout const& layout, http::Server& server, base::Log& log) {
  auto config = load_config(layout);
  if (!config) {
    for (auto const& mistake : config.error()) log.error("reload.config", {{"mistake", mistake.detail}});
    return;
  }
  log.set_least(config->log.level);
  if (auto done = server.reload_tls(); !done)
    log.error("reload.tls", {{"mistake", done.error().detail}});
  else
    log.info("reload.done");
}

// Blocked before any thread starts, so that only the waiting thread sees them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::string url_of(http::ListenAddress const& address) {
  bool v6 = address.host.find(':') != std::string::npos;
  return "https://" + (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace

int serve(Layout const& layout, std::optional<std::string> const& listen) {
  sigset_t signals = block_signals();
  auto config = load_config(layout);
  if (!config) {
    for (auto const& mistake : config.error()) report(mistake);
    return 1;
  }
  if (listen) {
    auto address = base::parse_address(*listen);
    if (!address) return report(address.error());
    config->listen.https = *address;
  }
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return report(lock.error());
  auto instance = Instance::open(layout, *config);
  if (!instance) return report(instance.error());

  base::Log& log = (*instance)->log();
  http::Server server(server_options(layout, *config), (*instance)->router(), endpoints::gates((*instance)->context()),
                      endpoints::error_answer, endpoints::observer(log, config->log.requests), log,
                      (*instance)->metrics());
  if (auto started = server.start(); !started) return report(started.error());
  std::cout << "listening " << url_of(server.address()) << std::endl;
  log.info("server.start", {{"threads", config->http.threads}});
  std::thread waiter([&] {
    for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) reload(layout, server, log);
    server.stop();
  });
  server.run();
  waiter.join();
  log.info("server.stop");
  return 0;
}

}  // namespace tocsin::app
