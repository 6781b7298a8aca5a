#include "schema/kinds/canary_commitment.hpp"

#include <array>

#include "schema/core/digest.hpp"

namespace tocsin::kinds {

core::Digest canary_commitment(core::Salt const& salt, std::string_view secret) {
  return core::hmac_sha256("canary/v1", std::array{core::view(salt), secret});
}

}  // namespace tocsin::kinds
