// The stored log, for those who re-derive it: checks today, the integrator and mirrors through the same rows. One
// thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// A logged version with everything its leaf was made of. Views live until the visitor returns.
struct LoggedVersion {
  std::uint64_t index = 0;
  std::string_view header, header_salt, body_salt, bytes, leaf, digest;
};

class LogStore {
 public:
  virtual ~LogStore() = default;

  [[nodiscard]] virtual core::Result<std::uint64_t> data_size() = 0;

  // Visits the leaves of the data log in order from `first`; stops when the visitor returns false.
  [[nodiscard]] virtual core::Result<void> visit(std::uint64_t first,
                                                 std::function<bool(LoggedVersion const&)> visitor) = 0;

  // The database's own integrity check and the cross-checks between tables; one sentence a finding.
  [[nodiscard]] virtual core::Result<std::vector<std::string>> integrity() = 0;
};

}  // namespace tocsin::store
