// When the server's certificate and the revocation lists end, for the metrics and as warnings. Owned by serve; one
// thread at a time; blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "server/app/warnings.hpp"

namespace tocsin::app {

class Expiry {
 public:
  explicit Expiry(base::Metrics& metrics);

  // Reads the files as they are now. Warned of are a certificate that is not good yet, has ended or does so within two
  // weeks, and a list that has run out: with it nobody is let in on listen.mtls. Files that cannot be read are not
  // warned of: the server refuses them.
  [[nodiscard]] std::vector<Warning> look(Layout const& layout, base::Config const& config, std::int64_t now_us);

 private:
  base::Gauge& certificate_;
  base::Gauge& list_;
};

}  // namespace tocsin::app
