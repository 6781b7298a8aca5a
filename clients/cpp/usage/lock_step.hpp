// How much accounts act at the same time: the mean correlation of their requests, minute by minute. Owned by a meter;
// one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "clients/cpp/usage/window.hpp"

namespace tocsin::client {

class LockStep {
 public:
  static constexpr std::size_t kLeastAccounts = 5, kLeastRequests = 10;
  // Of minutes in which an account asked something. Above that the accounts whose digests are the least are compared.
  static constexpr std::size_t kMost = 4u << 20;

  explicit LockStep(std::size_t most = kMost) : most_(most) {}

  void add(std::uint64_t account, std::int64_t minute);

  // The mean over all pairs of accounts of the correlation (Pearson) of their requests in the minutes of the window; 0
  // where it is less. All requests lie in the window. nullopt: fewer than 5 accounts have 10 requests, or the window
  // has no two minutes.
  [[nodiscard]] std::optional<double> coefficient(Window const& window) const;

 private:
  struct Busy {
    std::int64_t minute;
    std::uint32_t requests;
  };
  using Minutes = std::vector<Busy>;  // ascending

  std::size_t most_;
  std::map<std::uint64_t, Minutes> accounts_;
  std::size_t kept_ = 0;                // minutes in all
  std::optional<std::uint64_t> bound_;  // accounts from here on are not kept
};

}  // namespace tocsin::client
