#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "server/app/audit_timer.hpp"
#include "server/app/descriptors.hpp"
#include "server/app/dumps.hpp"
#include "server/app/heads.hpp"
#include "server/app/peering_warnings.hpp"
#include "server/app/reload.hpp"
#include "server/app/retention.hpp"
#include "server/app/server_options.hpp"
#include "server/app/service_manager.hpp"
#include "server/app/verbs.hpp"
#include "server/app/warnings.hpp"
#include "server/base/files.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/gates.hpp"
#include "server/http/server.hpp"

namespace tocsin::app {
namespace {

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

core::Error not_an_address(core::Error error, std::string const& given) {
  bool plain = given.size() <= 60 && std::ranges::all_of(given, [](char c) { return c > 0x20 && c < 0x7F; });
  error.detail = "--listen" + (plain ? " " + given : std::string()) + " is not an IP address and a port.";
  error.remedy += " The port is from 0 to 65535, and names such as localhost are not looked up.";
  return error;
}

// Which setting made the server listen where it cannot.
core::Error cannot_start(core::Error error, Layout const& layout, base::Config const& config) {
  auto is_about = [&](base::Address const& address) {
    return error.detail.starts_with("Cannot listen on " + address.host + " port " + std::to_string(address.port) + ":");
  };
  std::string file = layout.config().string();
  if (is_about(config.listen.https))
    error.remedy +=
        (error.remedy.empty() ? "" : " ") + ("The address is from --listen, or listen.https in " + file + ".");
  else if (config.listen.mtls && is_about(*config.listen.mtls))
    error.remedy += (error.remedy.empty() ? "" : " ") + ("The address is listen.mtls in " + file + ".");
  else if (config.listen.loopback && is_about(*config.listen.loopback))
    error.remedy += (error.remedy.empty() ? "" : " ") + ("The address is listen.loopback in " + file + ".");
  return error;
}

// In the log, and as a sentence for who starts the server by hand.
void warn(base::Log& log, std::vector<Warning> const& warnings) {
  for (auto const& warning : warnings) {
    log.warning(warning.event, {{"mistake", warning.sentence}, {"remedy", warning.remedy}});
    std::cerr << "tocsind: Warning: " << warning.sentence << ' ' << warning.remedy << '\n';
  }
}

http::ServerOptions options_of(Layout const& layout, base::Config const& config) {
  auto options = server_options(layout, config);
  if (options.threads == 0) options.threads = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

void announce(base::Log& log, http::Server const& server, unsigned threads) {
  std::cout << "listening " << url_of(server.address()) << std::endl;
  std::string mtls = server.mtls_address() ? url_of(*server.mtls_address()) : "";
  if (!mtls.empty()) std::cout << "listening-mtls " << mtls << std::endl;
  log.info(
      "server.start",
      {{"address", url_of(server.address())}, {"mtls", mtls.empty() ? "-" : mtls}, {"threads", std::int64_t{threads}}});
  tell_service_manager("READY=1\nSTATUS=Listening on " + url_of(server.address()));
}

}  // namespace

int serve(Layout const& layout, std::optional<std::string> const& listen, OpenDatabase const& open_database) {
  keep_memory_private();
  sigset_t signals = block_signals();
  auto config = config_or_report(layout);
  if (!config) return 1;
  base::Config const in_file = *config;
  auto const address = listen ? base::parse_address(*listen) : core::Result<base::Address>(config->listen.https);
  if (!address) return report(not_an_address(address.error(), *listen));
  config->listen.https = *address;
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return report(lock.error());
  raise_descriptor_limit();
  auto instance = Instance::open(layout, *config, open_database);
  if (!instance) return report(instance.error());
  if (auto published = (*instance)->publish_logs(layout, *config); !published) return report(published.error());
  (*instance)->start_matching();
  (*instance)->follow_peers(layout, *config);

  // What is due is logged before a peer can miss it.
  auto heads = std::make_unique<HeadTimer>(**instance);

  base::Log& log = (*instance)->log();
  auto const options = options_of(layout, *config);
  http::Server server(options, (*instance)->router(), endpoints::gates((*instance)->context()), endpoints::error_answer,
                      endpoints::observer(log, (*instance)->request_log()), log, (*instance)->metrics());
  if (auto started = server.start(); !started) return report(cannot_start(started.error(), layout, *config));
  warn(log, warnings(layout, *config));
  warn(log, peering_warnings(layout, *config, (*instance)->context().peering));
  Expiry expiry((*instance)->metrics());
  warn(log, expiry.look(layout, *config, base::SystemClock().now_us()));
  // Before anybody is answered, the trail says that there is a server.
  auto audit = std::make_unique<AuditTimer>(**instance, std::chrono::seconds(config->audit.checkpoint_interval_s));
  auto retention =
      std::make_unique<RetentionTimer>(layout, **instance, std::chrono::seconds(config->retention.interval_s));
  announce(log, server, options.threads);
  Reload reload(layout, in_file, **instance, server, expiry);
  std::thread waiter([&] {
    for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) {
      tell_of_reload();
      reload();
      tell_service_manager("READY=1");
    }
    tell_service_manager("STOPPING=1");
    server.stop();
  });
  server.run();
  heads.reset();
  retention.reset();
  audit.reset();
  waiter.join();
  log.info("server.stop");
  return 0;
}

}  // namespace tocsin::app
