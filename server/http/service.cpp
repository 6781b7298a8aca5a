#include "server/http/service.hpp"

#include <algorithm>
#include <string>

namespace tocsin::http {

HttpMetrics::HttpMetrics(base::Metrics& metrics)
    : connections(metrics.gauge("tocsin_http_connections", "Open connections.")),
      refused_connections(metrics.counter("tocsin_http_connections_refused_total",
                                          "Connections closed unheard: over a cap, or no descriptor left.")),
      handshake_failures(
          metrics.counter("tocsin_http_handshake_failures_total", "TLS handshakes that did not end well.")),
      framing_errors(metrics.counter("tocsin_http_framing_errors_total", "Requests refused before they were routed.")),
      requests{},
      seconds(metrics.histogram("tocsin_http_request_seconds", "From a complete head to the answer's first byte.")) {
  for (std::size_t i = 0; i < requests.size(); ++i)
    requests[i] = &metrics.counter("tocsin_http_requests_total", "Requests answered, by status class.",
                                   "status=\"" + std::to_string(i + 1) + "xx\"");
}

void Service::note(Request const& request, Response const& response, std::chrono::nanoseconds took) const {
  metrics.requests[static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5) - 1)]->add();
  metrics.seconds.observe(std::chrono::duration<double>(took).count());
  if (observe) observe(request, response, took);
}

}  // namespace tocsin::http
