// Writing the control log: keys and declarations, each entry in a transaction of its own. Commit thread only, on the
// one writing connection.
#pragma once

#include <cstdint>
#include <string>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// An entry with everything its leaf is made of.
struct ControlEntry {
  std::string header;
  core::Salt header_salt{}, body_salt{};
  std::string body;
  core::Digest leaf{};
};

class ControlStore {
 public:
  virtual ~ControlStore() = default;

  // Returns its position. Data that is logged from now on names the longer control log. Errors: storage_full,
  // storage_failed; then nothing was stored.
  [[nodiscard]] virtual core::Result<std::uint64_t> append(ControlEntry const& entry) = 0;
};

}  // namespace tocsin::store
