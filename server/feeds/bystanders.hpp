// Who else is behind addresses, as observables say it, whoever says it: an observable is never taken back, so what
// was said once counts as long as it is shown. Owned by the making of one feed; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <utility>

#include "server/feeds/entry.hpp"

namespace tocsin::feeds {

// Several may hold.
struct Shared {
  bool egress = false, cgnat = false, mobile = false;
  bool residential = false;  // of what is wider than one address
};

class Bystanders {
 public:
  // An ipv4-addr, ipv6-addr or autonomous-system.
  void learn(nlohmann::json const& observable);

  // Of a network: what is said of it, of what is around it, and of any part of it.
  [[nodiscard]] Shared of(Family family, Entry const& entry) const;

 private:
  using Place = std::pair<match::SixBits, unsigned>;  // the first address, the length
  using Networks = std::map<Place, Shared>;

  [[nodiscard]] static Shared overlapping(Networks const& networks, match::IpNetwork const& network);

  Networks v4_, v6_;
  std::map<std::uint32_t, Shared> numbers_;
};

}  // namespace tocsin::feeds
