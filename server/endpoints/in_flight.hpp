// Requests that are worked on at the same time. Owned by app, outlives every ticket; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "server/base/live.hpp"

namespace tocsin::endpoints {

class InFlight {
 public:
  // Gives its place back when it is destroyed. Never null.
  using Ticket = std::shared_ptr<void const>;
  enum class Full : std::uint8_t { server, organisation };

  // `least`: what an organisation may have in any case.
  explicit InFlight(std::size_t most, std::size_t least = 8) : most_(most), least_(least) {}
  void set_most(std::size_t most) { most_ = most; }

  // The places of one organisation: a quarter of all, so that no member locks out the others, or the least.
  [[nodiscard]] std::size_t share() const;
  [[nodiscard]] std::expected<Ticket, Full> enter(std::int64_t organisation);

 private:
  void leave(std::int64_t organisation);

  base::Live<std::size_t> most_;
  std::size_t const least_;
  std::mutex mutex_;
  std::size_t now_ = 0;
  std::unordered_map<std::int64_t, std::size_t> by_organisation_;  // without those that have none
};

}  // namespace tocsin::endpoints
