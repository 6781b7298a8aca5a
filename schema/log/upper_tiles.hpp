// The tiles of a growing log above its leaves: the roots of every 256, 65,536, … leaves. They take an eighth of a byte
// a leaf, so a log's integrator keeps them in memory and makes them anew from the leaves. Owned by its user, one thread
// at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/log/tile.hpp"

namespace tocsin::log {

class UpperTiles {
 public:
  void append(core::Digest const& leaf);  // the hash of leaf number size()

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // The bytes of a tile of hashes on level 1 or above, which must be settled (is_settled) in a log of size().
  [[nodiscard]] std::string tile(TilePath const& tile) const;

 private:
  std::uint64_t size_ = 0;
  // Of level l the hashes that no full tile holds yet for l = 0, and all there are for others.
  std::vector<std::vector<core::Digest>> levels_{1};
};

}  // namespace tocsin::log
