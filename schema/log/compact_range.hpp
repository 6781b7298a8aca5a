// A log as its writer and its followers remember it: the roots of the complete subtrees that make up [0, size), largest
// first, one a bit set in the size. Enough to append and to know the root, in at most 63 hashes.
// Owned by its user, one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log {

class CompactRange {
 public:
  void append(core::Digest const& leaf);  // the hash of leaf number size(); size() < kMaxTreeSize

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] core::Digest root() const;  // RFC 6962 section 2.1; the empty root for size 0

  // Size (8 bytes, big-endian), then the hashes, largest subtree first.
  [[nodiscard]] std::string serialise() const;
  // Error: log_inconsistent when the length does not fit the size.
  [[nodiscard]] static core::Result<CompactRange> parse(std::string_view bytes);

  friend bool operator==(CompactRange const&, CompactRange const&) = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<core::Digest> subtrees_;
};

}  // namespace tocsin::log
