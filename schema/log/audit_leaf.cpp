#include "schema/log/audit_leaf.hpp"

#include <array>

#include "schema/core/digest.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log {

core::Digest audit_leaf(core::Salt const& salt, std::string_view entry) {
  std::array<std::string_view, 2> const parts{core::view(salt), entry};
  return leaf_hash(core::view(core::hmac_sha256("audit/entry/v1", parts)));
}

}  // namespace tocsin::log
