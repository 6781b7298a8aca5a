#include "server/http/server.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unistd.h>

#include "server/http/listener.hpp"
#include "server/http/worker.hpp"

namespace tocsin::http {

struct Server::Impl {
  Impl(ServerOptions given, Router const& router, std::vector<Gate> all_gates, ErrorRenderer renderer, Observer observer,
       base::Log& the_log, base::Metrics& metrics)
      : options(std::move(given)),
        gates(std::move(all_gates)),
        render(std::move(renderer)),
        observe(std::move(observer)),
        log(the_log),
        connections(metrics.gauge("tocsin_http_connections", "Open connections.")),
        refused(metrics.counter("tocsin_http_connections_refused_total", "Connections closed at once, over a cap.")),
        service{options,
                router,
                gates,
                render,
                observe,
                log,
                metrics.counter("tocsin_http_framing_errors_total", "Requests whose head was refused."),
                metrics.counter("tocsin_http_handshake_failures_total", "TLS handshakes that failed."),
                draining} {}

  // Takes a place for a connection from `address`, or says no.
  bool admit(std::string const& address) {
    std::lock_guard lock(mutex);
    if (open >= options.max_connections || per_address[address] >= options.max_connections_per_address) return false;
    ++open;
    ++per_address[address];
    connections.set(static_cast<std::int64_t>(open));
    return true;
  }

  void leave(std::string const& address) {
    std::lock_guard lock(mutex);
    --open;
    if (--per_address[address] == 0) per_address.erase(address);
    connections.set(static_cast<std::int64_t>(open));
    if (open == 0) changed.notify_all();
  }

  Listener::Accepted accepted(bool over_tls, bool on_loopback, bool on_admin) {
    return [this, over_tls, on_loopback, on_admin](int descriptor, int family, std::string address) {
      if (!admit(address)) {
        refused.add();
        ::close(descriptor);
        return;
      }
      TlsContext current;
      if (over_tls) current = context.get();
      Worker& worker = *workers[next++ % workers.size()];
      worker.adopt(descriptor, family, std::move(current), {address, on_admin, on_loopback}, [this, address] { leave(address); });
    };
  }

  ServerOptions options;
  std::vector<Gate> gates;
  ErrorRenderer render;
  Observer observe;
  base::Log& log;
  base::Gauge& connections;
  base::Counter& refused;
  std::atomic<bool> draining{false};
  Service service;
  TlsSlot context;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Listener> https, loopback, admin;
  std::size_t next = 0;  // first worker's thread

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t open = 0;
  std::map<std::string, std::size_t> per_address;
  bool stop_asked = false;
};

Server::Server(ServerOptions options, Router const& router, std::vector<Gate> gates, ErrorRenderer render, Observer observe,
               base::Log& log, base::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(gates), std::move(render), std::move(observe), log, metrics)) {}

Server::~Server() = default;

core::Result<void> Server::start() {
  if (auto tls = reload_tls(); !tls) return tls;
  unsigned threads = impl_->options.threads != 0 ? impl_->options.threads : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) impl_->workers.push_back(std::make_unique<Worker>(impl_->service));
  auto& first = impl_->workers.front()->context();
  impl_->https = std::make_unique<Listener>(first, impl_->accepted(true, false, false));
  if (auto done = impl_->https->listen(impl_->options.https); !done) return done;
  if (impl_->options.loopback) {
    impl_->loopback = std::make_unique<Listener>(first, impl_->accepted(false, true, false));
    if (auto done = impl_->loopback->listen(*impl_->options.loopback); !done) return done;
  }
  if (impl_->options.admin_socket) {
    impl_->admin = std::make_unique<Listener>(first, impl_->accepted(false, false, true));
    if (auto done = impl_->admin->listen(*impl_->options.admin_socket); !done) return done;
  }
  for (auto* listener : {impl_->https.get(), impl_->loopback.get(), impl_->admin.get()})
    if (listener != nullptr) listener->start();
  for (auto& worker : impl_->workers) worker->start();
  return {};
}

ListenAddress Server::address() const { return {impl_->options.https.host, impl_->https->port()}; }

std::optional<ListenAddress> Server::loopback_address() const {
  if (!impl_->loopback) return std::nullopt;
  return ListenAddress{impl_->options.loopback->host, impl_->loopback->port()};
}

void Server::run() {
  {
    std::unique_lock lock(impl_->mutex);
    impl_->changed.wait(lock, [this] { return impl_->stop_asked; });
  }
  impl_->draining = true;
  boost::asio::post(impl_->workers.front()->context(), [this] {
    for (auto* listener : {impl_->https.get(), impl_->loopback.get(), impl_->admin.get()})
      if (listener != nullptr) listener->close();
  });
  for (auto& worker : impl_->workers) worker->drain();
  {
    std::unique_lock lock(impl_->mutex);
    impl_->changed.wait_for(lock, impl_->options.drain_timeout, [this] { return impl_->open == 0; });
  }
  for (auto& worker : impl_->workers) worker->stop();
}

void Server::stop() {
  std::lock_guard lock(impl_->mutex);
  impl_->stop_asked = true;
  impl_->changed.notify_all();
}

core::Result<void> Server::reload_tls() {
  auto context = make_tls_context(impl_->options.tls);
  if (!context) return std::unexpected(context.error());
  impl_->context.set(*std::move(context));
  return {};
}

}  // namespace tocsin::http
