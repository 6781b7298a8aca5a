#include "schema/log/compact_range.hpp"

#include <bit>
#include <cstddef>

namespace tocsin::log {
namespace {

constexpr std::size_t kSizeBytes = 8, kHashBytes = 32;

}  // namespace

void CompactRange::append(core::Digest const& leaf) {
  core::Digest hash = leaf;
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = node_hash(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

core::Digest CompactRange::root() const {
  if (subtrees_.empty()) return empty_root();
  core::Digest hash = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i-- > 0;) hash = node_hash(subtrees_[i], hash);
  return hash;
}

std::string CompactRange::serialise() const {
  std::string out;
  out.reserve(kSizeBytes + subtrees_.size() * kHashBytes);
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size_ >> shift & 0xFF);
  for (auto const& hash : subtrees_) out += core::view(hash);
  return out;
}

core::Result<CompactRange> CompactRange::parse(std::string_view bytes) {
  CompactRange range;
  if (bytes.size() < kSizeBytes)
    return core::fail(core::Code::log_inconsistent, "A compact range has fewer than 8 bytes.");
  for (char c : bytes.substr(0, kSizeBytes)) range.size_ = range.size_ << 8 | static_cast<std::uint8_t>(c);
  bytes.remove_prefix(kSizeBytes);
  auto const hashes = static_cast<std::size_t>(std::popcount(range.size_));
  if (range.size_ > kMaxTreeSize || bytes.size() != hashes * kHashBytes)
    return core::fail(core::Code::log_inconsistent,
                      "A compact range has another number of hashes than its size needs.");
  for (; !bytes.empty(); bytes.remove_prefix(kHashBytes))
    range.subtrees_.push_back(*core::to_array<kHashBytes>(bytes.substr(0, kHashBytes)));
  return range;
}

}  // namespace tocsin::log
