#include "server/app/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace tocsin::app {
namespace {

// Listeners, the admin socket's connections, files that are open for a moment.
constexpr std::size_t kOthers = 64;
constexpr std::size_t kOfReader = 2;  // the database and its write-ahead log
constexpr std::size_t kOfThread = 3;  // what an io_context waits with

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // what it comes to is what descriptor_limit() says
}

std::size_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::size_t connections_that_fit(base::Config const& config) {
  auto threads = static_cast<std::size_t>(config.http.threads);
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  std::size_t others =
      kOthers + kOfReader * static_cast<std::size_t>(config.store.reader_threads) + kOfThread * threads;
  std::size_t limit = descriptor_limit(), wanted = static_cast<std::size_t>(config.http.max_connections);
  return limit > others ? std::min(wanted, limit - others) : std::size_t{1};
}

std::size_t connections_of_one_address(base::Config const& config) {
  std::size_t fitting = connections_that_fit(config);
  auto configured = static_cast<std::size_t>(config.http.max_connections_per_address);
  if (fitting >= static_cast<std::size_t>(config.http.max_connections)) return configured;
  return std::min(configured, std::max<std::size_t>(1, fitting / 2));
}

}  // namespace tocsin::app
