// What all sessions of a server share: set up before the first connection, read-only after but for the limits. Owned by
// Server; any thread.
#pragma once

#include <array>
#include <chrono>
#include <vector>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/body_memory.hpp"
#include "server/http/router.hpp"
#include "server/http/server.hpp"
#include "server/http/tls.hpp"

namespace tocsin::http {

struct HttpMetrics {
  explicit HttpMetrics(base::Metrics& metrics);

  base::Gauge& connections;
  base::Counter& refused_connections;
  base::Counter& handshake_failures;
  base::Counter& framing_errors;
  std::array<base::Counter*, 5> requests;  // by status class, 1xx first
  base::Histogram& seconds;
};

struct Service {
  ServerOptions options;
  Router const& router;
  std::vector<Gate> const gates;
  ErrorRenderer const render;
  Observer const observe;
  base::Log& log;
  HttpMetrics const metrics;
  BodyMemory& body_memory;
  TlsSlot const& mutual_tls;  // of the mtls door

  // Every answer passes here once, before it is sent.
  void note(Request const& request, Response const& response, std::chrono::nanoseconds took) const;
};

}  // namespace tocsin::http
