// The right edge of a Merkle tree: at most 64 hashes from which it can grow and its root be told. A value type; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "schema/core/bytes.hpp"

namespace tocsin::log {

class CompactRange {
 public:
  void append(core::Digest const& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] core::Digest root() const;  // RFC 6962 section 2.1

 private:
  std::uint64_t size_ = 0;
  std::vector<core::Digest> hashes_;  // roots of complete subtrees, the largest first: one for each bit of size_
};

}  // namespace tocsin::log
