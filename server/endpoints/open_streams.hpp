// Streams that are open at the same time: their own places, for they stay while requests come and go. Owned by app,
// outlives every ticket; any thread.
#pragma once

#include "server/base/metrics.hpp"
#include "server/endpoints/in_flight.hpp"

namespace tocsin::endpoints {

class OpenStreams {
 public:
  OpenStreams(std::size_t most, base::Metrics& metrics)
      : places_(most), open_(metrics.gauge("tocsin_open_streams", "Streams of live events that are open.")) {}
  void set_most(std::size_t most) { places_.set_most(most); }

  // One organisation has a quarter of all places, but at least 8.
  [[nodiscard]] std::size_t share() const { return places_.share(); }
  [[nodiscard]] std::expected<InFlight::Ticket, InFlight::Full> enter(std::int64_t organisation);

 private:
  InFlight places_;
  base::Gauge& open_;
};

}  // namespace tocsin::endpoints
