#include "schema/log/compact_range.hpp"

#include "schema/log/hash.hpp"

namespace tocsin::log {

void CompactRange::append(core::Digest const& leaf) {
  core::Digest hash = leaf;
  for (std::uint64_t bit = 1; (size_ & bit) != 0; bit <<= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

core::Digest CompactRange::root() const {
  if (hashes_.empty()) return empty_root();
  core::Digest hash = hashes_.back();
  for (auto left = hashes_.rbegin() + 1; left != hashes_.rend(); ++left) hash = node_hash(*left, hash);
  return hash;
}

}  // namespace tocsin::log
