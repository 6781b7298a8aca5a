#include "server/http/server.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "server/http/connection_caps.hpp"
#include "server/http/listener.hpp"
#include "server/http/service.hpp"
#include "server/http/sockets.hpp"
#include "server/http/tls.hpp"
#include "server/http/worker.hpp"

namespace tocsin::http {

struct Server::Impl {
  Impl(ServerOptions options, Router const& router, std::vector<Gate> gates, ErrorRenderer render, Observer observe,
       base::Log& log, base::Metrics& metrics)
      : body_memory(options.body_memory, metrics.gauge("tocsin_http_body_memory_bytes", "Held by request bodies.")),
        service{std::move(options),   router,      std::move(gates), std::move(render), std::move(observe), log,
                HttpMetrics(metrics), body_memory, mutual_tls},
        caps(service.options, service.metrics.connections) {}

  void add_listener(FileDescriptor socket, Door door);
  // False: too many connections; this one is closed.
  bool take(FileDescriptor connection, std::string const& block, Peer peer);
  void start_workers();
  // Ends listeners, then idle sessions, then within `time` the others, then all; returns when every thread has ended.
  void shut_down(std::chrono::milliseconds time);

  ~Impl() { shut_down(std::chrono::milliseconds(0)); }

  BodyMemory body_memory;
  TlsSlot tls, mutual_tls;
  Service service;
  ConnectionCaps caps;
  std::vector<std::unique_ptr<Worker>> workers;      // after what their sessions use
  std::vector<std::unique_ptr<Listener>> listeners;  // on the first worker's thread once started
  std::optional<std::uint16_t> https_port, mtls_port, loopback_port;

  std::mutex mutex;
  std::condition_variable changed;
  bool stop_asked = false;
  std::size_t running = 0;  // worker threads
  bool started = false;
};

void Server::Impl::add_listener(FileDescriptor socket, Door door) {
  auto taker = [this](FileDescriptor connection, std::string const& block, Peer peer) {
    return take(std::move(connection), block, std::move(peer));
  };
  listeners.push_back(std::make_unique<Listener>(workers.front()->context(), std::move(socket), door, std::move(taker),
                                                 service.log, service.metrics.refused_connections));
}

// One acceptor that deals to the least loaded thread: with a socket for each thread (SO_REUSEPORT) the kernel's hash
// may give most of a few busy connections to one of them.
bool Server::Impl::take(FileDescriptor connection, std::string const& block, Peer peer) {
  auto place = caps.enter(block);
  if (!place) return false;
  auto& worker = *std::ranges::min_element(workers, {}, [](auto const& each) { return each->load(); });
  TlsContext context;
  if (peer.door == Door::https) context = tls.get();
  if (peer.door == Door::mtls) context = mutual_tls.get();
  worker->adopt(std::move(connection), std::move(context), std::move(peer), *std::move(place));
  return true;
}

void Server::Impl::start_workers() {
  running = workers.size();
  started = true;
  for (auto& worker : workers)
    worker->start([this] {
      std::lock_guard lock(mutex);
      --running;
      changed.notify_all();
    });
}

void Server::Impl::shut_down(std::chrono::milliseconds time) {
  if (!std::exchange(started, false)) return;
  // On the thread of the listeners, so that no connection is handed on behind the drain.
  boost::asio::post(workers.front()->context(), [this] {
    for (auto& listener : listeners) listener->stop();
    for (auto& worker : workers) worker->drain();
  });
  std::unique_lock lock(mutex);
  if (!changed.wait_for(lock, time, [this] { return running == 0; }))
    for (auto& worker : workers) worker->abort();
  lock.unlock();
  for (auto& worker : workers) worker->join();
}

Server::Server(ServerOptions options, Router const& router, std::vector<Gate> gates, ErrorRenderer render,
               Observer observe, base::Log& log, base::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(gates), std::move(render), std::move(observe),
                                   log, metrics)) {}

Server::~Server() = default;

core::Result<void> Server::start() {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error code, not the end of the process
  ServerOptions const& options = impl_->service.options;
  if (auto loaded = reload(options.tls, options); !loaded) return loaded;
  if (options.loopback && !is_loopback(options.loopback->host))
    return core::fail(core::Code::io_failed, "The plain listener must be on a loopback address.", "",
                      "Use 127.0.0.1 or ::1.");
  unsigned threads = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) impl_->workers.push_back(std::make_unique<Worker>(impl_->service));
  auto https = listen_tcp(options.https);
  if (!https) return std::unexpected(std::move(https.error()));
  impl_->https_port = bound_port(https->get());
  impl_->add_listener(*std::move(https), Door::https);
  if (options.mtls) {
    auto mtls = listen_tcp(*options.mtls);
    if (!mtls) return std::unexpected(std::move(mtls.error()));
    impl_->mtls_port = bound_port(mtls->get());
    impl_->add_listener(*std::move(mtls), Door::mtls);
  }
  if (options.loopback) {
    auto loopback = listen_tcp(*options.loopback);
    if (!loopback) return std::unexpected(std::move(loopback.error()));
    impl_->loopback_port = bound_port(loopback->get());
    impl_->add_listener(*std::move(loopback), Door::loopback);
  }
  if (options.admin_socket) {
    auto admin = listen_unix(*options.admin_socket);
    if (!admin) return std::unexpected(std::move(admin.error()));
    impl_->add_listener(*std::move(admin), Door::admin);
  }
  for (auto& listener : impl_->listeners) listener->start();
  impl_->start_workers();
  return {};
}

ListenAddress Server::address() const { return {impl_->service.options.https.host, impl_->https_port.value_or(0)}; }

std::optional<ListenAddress> Server::mtls_address() const {
  if (!impl_->mtls_port) return std::nullopt;
  return ListenAddress{impl_->service.options.mtls->host, *impl_->mtls_port};
}

std::optional<ListenAddress> Server::loopback_address() const {
  if (!impl_->loopback_port) return std::nullopt;
  return ListenAddress{impl_->service.options.loopback->host, *impl_->loopback_port};
}

void Server::run() {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return impl_->stop_asked; });
  lock.unlock();
  impl_->shut_down(impl_->service.options.drain_timeout);
}

void Server::stop() {
  std::lock_guard lock(impl_->mutex);
  impl_->stop_asked = true;
  impl_->changed.notify_all();
}

core::Result<void> Server::reload(TlsFiles const& files, ConnectionLimits const& limits) {
  auto context = make_tls_context(files);
  if (!context) return std::unexpected(std::move(context.error()));
  if (impl_->service.options.mtls) {
    auto mutual = make_mutual_tls_context(files);
    if (!mutual) return std::unexpected(std::move(mutual.error()));
    impl_->mutual_tls.set(*std::move(mutual));
  }
  impl_->tls.set(*std::move(context));
  static_cast<ConnectionLimits&>(impl_->service.options) = limits;
  impl_->body_memory.set_most(limits.body_memory);
  return {};
}

}  // namespace tocsin::http
