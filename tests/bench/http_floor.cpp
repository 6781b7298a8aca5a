// The floor under every endpoint: what a GET costs when the handler does nothing. Serves 58 bytes at /small and 68,317
// at /page over TLS until it is told to end, for a load generator beside it.
//
// usage: http_floor CERTIFICATE KEY PORT [THREADS]
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/server.hpp"

namespace {

using namespace tocsin;

http::Route route(std::string pattern, std::size_t size) {
  auto body = std::make_shared<std::string const>(size, 'x');
  auto handler = [body](http::Request&) -> http::Awaitable<http::Response> {
    http::Response response;
    response.content_type = "application/json";
    response.body = body;
    co_return response;
  };
  return {http::Method::get,
          std::move(pattern),
          http::Surface::operations,
          "floor",
          0,
          std::chrono::seconds(5),
          1,
          handler};
}

http::Response render(http::Request const&, core::Error const& error) {
  http::Response response;
  response.status = core::row(error.code).http;
  response.body = error.detail + "\n";
  return response;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  http::Router router;
  router.add(route("/small", 58));
  router.add(route("/page", 68'317));
  router.add(route("/large", 684'076));
  http::ServerOptions options;
  options.https = {"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[3]))};
  options.tls = {argv[1], argv[2], false};
  options.threads = argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 2;
  base::Log log;
  base::Metrics metrics;
  http::Server server(options, router, {}, render, {}, log, metrics);
  if (auto started = server.start(); !started) {
    std::fprintf(stderr, "%s\n", started.error().detail.c_str());
    return 1;
  }
  std::printf("listening https://127.0.0.1:%u\n", server.address().port);
  std::fflush(stdout);
  std::thread waiter([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server.stop();
  });
  server.run();
  waiter.join();
}
