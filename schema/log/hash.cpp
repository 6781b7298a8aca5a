#include "schema/log/hash.hpp"

#include "schema/core/digest.hpp"

namespace tocsin::log {
namespace {

// Without the prefixes a node could be passed off as a leaf.
constexpr std::string_view kLeaf{"\x00", 1}, kNode{"\x01", 1};

core::Sha256& hasher() {
  thread_local core::Sha256 hash;  // a context costs more than a hash
  return hash;
}

}  // namespace

core::Digest leaf_hash(std::string_view entry) { return hasher().update(kLeaf).update(entry).finish(); }

core::Digest node_hash(core::Digest const& left, core::Digest const& right) {
  return hasher().update(kNode).update(core::view(left)).update(core::view(right)).finish();
}

core::Digest const& empty_root() {
  static core::Digest const root = core::sha256("");
  return root;
}

}  // namespace tocsin::log
