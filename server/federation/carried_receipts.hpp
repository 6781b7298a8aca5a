// Receipts that peers gave this instance for an origin which they cannot reach: each is handed to the origin with the
// next round that follows it. What is lost by a restart is handed in again, for nobody was told that it arrived. Owned
// by the relayed logs; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "server/federation/receipt_retry.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::federation {

class CarriedReceipts {
 public:
  // `note`: a receipt of `receiver` for the first `size` entries of the control log of `origin`. True when the origin
  // took one for as many or more.
  [[nodiscard]] bool take(std::string const& origin, std::string const& receiver, std::uint64_t size,
                          std::string const& note);

  // Hands in what the origin did not take yet. What it refuses is tried again, at most an hour later: it may come to
  // know the receiver. Errors: those of the transport; unavailable with the refusal, until it is taken.
  [[nodiscard]] core::Result<void> hand_in(std::string const& origin, Transport& transport, std::int64_t now_us,
                                           std::function<double()> const& random);

 private:
  struct Carried {
    std::string note;
    std::uint64_t size = 0, taken = 0;  // sizes: the newest, and that the origin took
    std::optional<ReceiptRetry> retry;  // of one that it did not take
  };
  using Key = std::pair<std::string, std::string>;  // origin and receiver

  [[nodiscard]] core::Result<void> answered(Key const& key, std::uint64_t size, int status, std::int64_t now_us,
                                            std::function<double()> const& random);

  std::mutex mutex_;
  std::map<Key, Carried> carried_;  // guarded by mutex_; as many as there are peers, twice
};

}  // namespace tocsin::federation
