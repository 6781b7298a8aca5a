#include "server/http/connection_caps.hpp"

namespace tocsin::http {

std::optional<ConnectionCaps::Place> ConnectionCaps::enter(std::string const& block) {
  std::lock_guard lock(mutex_);
  if (!block.empty()) {
    if (count_ >= limits_.max_connections) return std::nullopt;
    std::size_t& here = blocks_[block];  // never left at 0: the caps are 1 at least
    if (here >= limits_.max_connections_per_address) return std::nullopt;
    ++here;
    ++count_;
  }
  open_.add(1);
  return std::optional<Place>(std::in_place, *this, block);
}

void ConnectionCaps::leave(std::string const& block) {
  std::lock_guard lock(mutex_);
  open_.add(-1);
  if (block.empty()) return;
  --count_;
  if (auto at = blocks_.find(block); --at->second == 0) blocks_.erase(at);
}

}  // namespace tocsin::http
