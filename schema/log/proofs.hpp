// Inclusion and consistency proofs: made from whatever can name a node of the tree (RFC 6962 sections 2.1.1, 2.1.2),
// and checked (RFC 9162 sections 2.1.3.2, 2.1.4.2). Pure; any thread. Proofs are hashes, the one nearest to the leaves
// first.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log {

// The root of leaves [index·2^level, (index + 1)·2^level).
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;

  friend bool operator==(Node const&, Node const&) = default;
};

// Answers with the hash of a node whose leaves are all below the size in question; an error is passed on.
using HashReader = std::function<core::Result<core::Digest>(Node)>;
using Proof = std::vector<core::Digest>;

// Reads from leaf hashes in memory, which must outlive the reader; for small logs, as each node is hashed anew.
[[nodiscard]] HashReader reader_of(std::span<core::Digest const> leaves);

[[nodiscard]] core::Result<core::Digest> tree_root(HashReader const& reader, std::uint64_t size);

// Error: proof_invalid when index ≥ size or size > kMaxTreeSize; those of the reader.
[[nodiscard]] core::Result<Proof> inclusion_proof(HashReader const& reader, std::uint64_t index, std::uint64_t size);

// Empty when old_size is 0 or size. Error: proof_invalid when old_size > size or size > kMaxTreeSize; those of the
// reader.
[[nodiscard]] core::Result<Proof> consistency_proof(HashReader const& reader, std::uint64_t old_size,
                                                    std::uint64_t size);

struct Tree {
  std::uint64_t size = 0;
  core::Digest root{};
};

// Is `leaf` (a leaf hash) number `index` in the tree? Error: proof_invalid.
[[nodiscard]] core::Result<void> verify_inclusion(core::Digest const& leaf, std::uint64_t index, Tree const& tree,
                                                  std::span<core::Digest const> proof);

// Is `newer` a continuation of `older`? From size 0 everything is, with an empty proof. Error: proof_invalid.
[[nodiscard]] core::Result<void> verify_consistency(Tree const& older, Tree const& newer,
                                                    std::span<core::Digest const> proof);

}  // namespace tocsin::log
