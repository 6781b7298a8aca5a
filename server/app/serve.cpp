#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <thread>

#include "server/app/reload.hpp"
#include "server/app/server_options.hpp"
#include "server/app/verbs.hpp"
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

}  // namespace

int serve(Layout const& layout, std::optional<std::string> const& listen, OpenDatabase const& open_database) {
  sigset_t signals = block_signals();
  auto config = load_config(layout);
  if (!config) {
    for (auto const& mistake : config.error()) report(mistake);
    return 1;
  }
  base::Config const in_file = *config;
  if (listen) {
    auto address = base::parse_address(*listen);
    if (!address) return report(address.error());
    config->listen.https = *address;
  }
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return report(lock.error());
  auto instance = Instance::open(layout, *config, open_database);
  if (!instance) return report(instance.error());

  base::Log& log = (*instance)->log();
  http::Server server(server_options(layout, *config), (*instance)->router(), endpoints::gates((*instance)->context()),
                      endpoints::error_answer, endpoints::observer(log, (*instance)->request_log()), log,
                      (*instance)->metrics());
  if (auto started = server.start(); !started) return report(started.error());
  std::cout << "listening " << url_of(server.address()) << std::endl;
  log.info("server.start", {{"threads", config->http.threads}});
  Reload reload(layout, in_file, **instance, server);
  std::thread waiter([&] {
    for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) reload();
    server.stop();
  });
  server.run();
  waiter.join();
  log.info("server.stop");
  return 0;
}

}  // namespace tocsin::app
