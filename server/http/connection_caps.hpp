// How many connections there are, in all and from one peer. Owned by Server; any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "server/base/metrics.hpp"
#include "server/http/server.hpp"

namespace tocsin::http {

class ConnectionCaps {
 public:
  // A place taken; given back when it goes.
  class Place {
   public:
    Place(ConnectionCaps& caps, std::string block) : caps_(&caps), block_(std::move(block)) {}
    Place(Place&& other) noexcept : caps_(std::exchange(other.caps_, nullptr)), block_(std::move(other.block_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (caps_ != nullptr) caps_->leave(block_);
    }

   private:
    ConnectionCaps* caps_;
    std::string block_;
  };

  // `limits` outlives this.
  ConnectionCaps(ConnectionLimits const& limits, base::Gauge& open) : limits_(limits), open_(open) {}

  // nullopt: full. An empty block (the admin socket) is always let in, so that the operator is when the public door is
  // crowded.
  [[nodiscard]] std::optional<Place> enter(std::string const& block);

 private:
  void leave(std::string const& block);

  ConnectionLimits const& limits_;
  base::Gauge& open_;
  std::mutex mutex_;
  std::size_t count_ = 0;
  std::unordered_map<std::string, std::size_t> blocks_;
};

}  // namespace tocsin::http
