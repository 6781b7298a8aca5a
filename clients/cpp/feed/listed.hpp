// The networks of a feed, to look addresses up in. Constant once made; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/match/ip_address.hpp"

namespace tocsin::client {

class Listed {
 public:
  // Of a feed in the format `text`: networks of one family, ascending and apart. nullopt: it is none.
  [[nodiscard]] static std::optional<Listed> of(std::string_view text);

  [[nodiscard]] bool has(match::IpAddress const& address) const;

 private:
  std::vector<match::IpNetwork> all_;
};

}  // namespace tocsin::client
