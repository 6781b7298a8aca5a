#include "schema/log/hash.hpp"

#include "schema/core/digest.hpp"

namespace tocsin::log {

core::Digest empty_root() { return core::sha256(""); }

core::Digest leaf_hash(std::string_view entry) {
  thread_local core::Sha256 hash;
  return hash.update(std::string_view("\0", 1)).update(entry).finish();
}

core::Digest node_hash(core::Digest const& left, core::Digest const& right) {
  thread_local core::Sha256 hash;
  return hash.update("\1").update(core::view(left)).update(core::view(right)).finish();
}

}  // namespace tocsin::log
