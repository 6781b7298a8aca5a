#include "schema/log/proofs.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace tocsin::log {
namespace {

// Leaves [first, end). `first` is a multiple of the smallest power of two that is not below the length, as it always is
// for the ranges that RFC 6962 recurses into.
struct Range {
  std::uint64_t first, end;
};

std::unexpected<core::Error> invalid(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

std::uint64_t left_half(Range range) { return std::bit_floor(range.end - range.first - 1); }

core::Result<core::Digest> range_hash(HashReader const& reader, Range range) {
  std::vector<core::Digest> parts;  // complete subtrees from left to right, the largest that fit
  while (range.first < range.end) {
    auto const level = static_cast<unsigned>(std::bit_width(range.end - range.first)) - 1;
    auto hash = reader({level, range.first >> level});
    if (!hash) return hash;
    parts.push_back(*hash);
    range.first += std::uint64_t{1} << level;
  }
  core::Digest hash = parts.back();
  for (std::size_t i = parts.size() - 1; i-- > 0;) hash = node_hash(parts[i], hash);
  return hash;
}

core::Result<Proof> hashes_of(HashReader const& reader, std::vector<Range> const& from_the_top) {
  Proof proof;
  for (std::size_t i = from_the_top.size(); i-- > 0;) {
    auto hash = range_hash(reader, from_the_top[i]);
    if (!hash) return std::unexpected(hash.error());
    proof.push_back(*hash);
  }
  return proof;
}

// Where a proof is: a node's number and the number of the last node, on the level reached.
struct Climb {
  std::uint64_t node, last;

  void up() { node >>= 1, last >>= 1; }
  [[nodiscard]] bool sibling_is_left() const { return (node & 1) != 0 || node == last; }
  // At the right edge, levels on which the node has no sibling are passed over.
  void skip_levels_without_sibling() {
    while ((node & 1) == 0 && node != 0) up();
  }
};

}  // namespace

HashReader reader_of(std::span<core::Digest const> leaves) {
  return [leaves](Node node) -> core::Result<core::Digest> {
    auto const count = std::uint64_t{1} << node.level;
    if (node.index >= leaves.size() >> node.level) return invalid("A node beyond the end of the log was asked for.");
    auto const part = leaves.subspan(node.index << node.level, count);
    std::vector<core::Digest> hashes(part.begin(), part.end());
    for (; hashes.size() > 1; hashes.resize(hashes.size() / 2)) {
      for (std::size_t i = 0; i < hashes.size() / 2; ++i) hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    }
    return hashes.front();
  };
}

core::Result<core::Digest> tree_root(HashReader const& reader, std::uint64_t size) {
  if (size > kMaxTreeSize) return invalid("The size of the log is beyond 2^63 - 1.");
  if (size == 0) return empty_root();
  return range_hash(reader, {0, size});
}

core::Result<Proof> inclusion_proof(HashReader const& reader, std::uint64_t index, std::uint64_t size) {
  if (index >= size || size > kMaxTreeSize)
    return invalid("Leaf " + std::to_string(index) + " is not in a log of size " + std::to_string(size) + ".");
  std::vector<Range> siblings;
  for (Range range{0, size}; range.end - range.first > 1;) {
    std::uint64_t const middle = range.first + left_half(range);
    if (index < middle) {
      siblings.push_back({middle, range.end});
      range.end = middle;
    } else {
      siblings.push_back({range.first, middle});
      range.first = middle;
    }
  }
  return hashes_of(reader, siblings);
}

core::Result<Proof> consistency_proof(HashReader const& reader, std::uint64_t old_size, std::uint64_t size) {
  if (old_size > size || size > kMaxTreeSize)
    return invalid("A log of size " + std::to_string(size) + " does not continue one of size " +
                   std::to_string(old_size) + ".");
  if (old_size == 0) return Proof{};
  std::vector<Range> parts;
  Range range{0, size};
  while (range.end != old_size) {
    std::uint64_t const middle = range.first + left_half(range);
    if (old_size <= middle) {
      parts.push_back({middle, range.end});
      range.end = middle;
    } else {
      parts.push_back({range.first, middle});
      range.first = middle;
    }
  }
  if (range.first != 0) parts.push_back(range);  // else it is the old tree, whose root the verifier has
  return hashes_of(reader, parts);
}

core::Result<void> verify_inclusion(core::Digest const& leaf, std::uint64_t index, Tree const& tree,
                                    std::span<core::Digest const> proof) {
  if (index >= tree.size || tree.size > kMaxTreeSize)
    return invalid("The leaf's index is not below the size of the log.");
  Climb climb{index, tree.size - 1};
  core::Digest hash = leaf;
  for (auto const& sibling : proof) {
    if (climb.last == 0) return invalid("The inclusion proof is too long.");
    if (climb.sibling_is_left()) {
      hash = node_hash(sibling, hash);
      climb.skip_levels_without_sibling();
    } else {
      hash = node_hash(hash, sibling);
    }
    climb.up();
  }
  if (climb.last != 0) return invalid("The inclusion proof is too short.");
  if (hash != tree.root) return invalid("The inclusion proof leads to another root.");
  return {};
}

core::Result<void> verify_consistency(Tree const& older, Tree const& newer, std::span<core::Digest const> proof) {
  if (older.size > newer.size || newer.size > kMaxTreeSize)
    return invalid("The newer log is smaller than the older one.");
  if (older.size == 0 && older.root != empty_root())
    return invalid("The root of the empty log is a hash of something.");
  if (older.size == newer.size && older.root != newer.root) return invalid("One size has two roots.");
  if (older.size == 0 || older.size == newer.size) {
    if (!proof.empty()) return invalid("The consistency proof is too long.");
    return {};
  }
  Climb climb{older.size - 1, newer.size - 1};
  while ((climb.node & 1) != 0) climb.up();
  core::Digest old_hash = older.root;  // an old tree that is one complete subtree is the first node itself
  if (!std::has_single_bit(older.size)) {
    if (proof.empty()) return invalid("The consistency proof is too short.");
    old_hash = proof.front();
    proof = proof.subspan(1);
  }
  core::Digest new_hash = old_hash;
  for (auto const& part : proof) {
    if (climb.last == 0) return invalid("The consistency proof is too long.");
    if (climb.sibling_is_left()) {
      old_hash = node_hash(part, old_hash);
      new_hash = node_hash(part, new_hash);
      climb.skip_levels_without_sibling();
    } else {
      new_hash = node_hash(new_hash, part);
    }
    climb.up();
  }
  if (climb.last != 0) return invalid("The consistency proof is too short.");
  if (old_hash != older.root) return invalid("The consistency proof leads to another old root.");
  if (new_hash != newer.root) return invalid("The consistency proof leads to another new root.");
  return {};
}

}  // namespace tocsin::log
