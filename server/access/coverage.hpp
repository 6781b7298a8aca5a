// A list of networks and autonomous systems, ready to be held against others: how many addresses of a network are on
// it takes two searches, however long the list is and whichever of the two is the wider. Immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "server/access/networks.hpp"
#include "server/access/reserved.hpp"

namespace tocsin::access {

using Addresses = unsigned __int128;  // a number of them

// How many a network has. The whole of IPv6, which has one more than fits, has the most that do.
[[nodiscard]] Addresses addresses_in(Network const& network);
// "1,024", or from a billion on "2^40", "about 2^40".
[[nodiscard]] std::string text_of(Addresses count);

class Coverage {
 public:
  Coverage() = default;
  Coverage(std::vector<Network> networks, std::vector<AsNumber> numbers);

  // How many addresses of the network are covered.
  [[nodiscard]] Addresses of(Network const& network) const;
  [[nodiscard]] bool has(AsNumber number) const;

 private:
  struct Family {
    std::vector<Network> networks;  // ascending, none inside another
    std::vector<Addresses> before;  // how many addresses stand before each, and in all
  };

  Family v4_, v6_;
  std::vector<AsNumber> numbers_;  // ascending
};

}  // namespace tocsin::access
