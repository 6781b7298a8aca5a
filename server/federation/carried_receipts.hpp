// Receipts that peers gave this instance for an origin which they cannot reach: each is handed to the origin with the
// next round that follows it. What is lost by a restart is handed in again, for nobody was told that it arrived. Owned
// by the relayed logs; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::federation {

class CarriedReceipts {
 public:
  // `note`: a receipt of `receiver` for the first `size` entries of the control log of `origin`. True when the origin
  // took one for as many or more.
  [[nodiscard]] bool take(std::string const& origin, std::string const& receiver, std::uint64_t size,
                          std::string const& note);

  // Hands in what was not handed in yet. An origin that refuses one is given it again only when there is a newer one:
  // it does not know the receiver. Errors: those of the transport; then it is tried again.
  [[nodiscard]] core::Result<void> hand_in(std::string const& origin, Transport& transport);

 private:
  struct Carried {
    std::string note;
    std::uint64_t size = 0, tried = 0, taken = 0;  // sizes: the newest, that were handed in, that the origin took
  };
  using Key = std::pair<std::string, std::string>;  // origin and receiver

  std::mutex mutex_;
  std::map<Key, Carried> carried_;  // guarded by mutex_; as many as there are peers, twice
};

}  // namespace tocsin::federation
