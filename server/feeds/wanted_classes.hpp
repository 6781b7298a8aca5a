// Whether somebody says one of the wanted classes of proxies of an address: of it, or of a network around it. What is
// said of a part of a network says nothing of the rest. Owned by the making of one feed; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>

#include "server/feeds/entry.hpp"

namespace tocsin::feeds {

class WantedClasses {
 public:
  using Classes = std::set<std::string, std::less<>>;

  explicit WantedClasses(Classes const& wanted) : wanted_(wanted) {}

  // An ipv4-addr, ipv6-addr or autonomous-system.
  void learn(nlohmann::json const& observable);
  [[nodiscard]] bool has(Family family, Entry const& entry) const;

 private:
  using Networks = std::set<std::pair<match::SixBits, unsigned>>;  // the first address, the length

  Classes const& wanted_;
  Networks v4_, v6_;
  std::set<std::uint32_t> numbers_;
};

}  // namespace tocsin::feeds
