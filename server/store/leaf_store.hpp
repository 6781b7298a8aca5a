// Leaves of the published logs, by their numbers: what tiles are made of. Of the reader whose connection it uses, on
// its thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::store {

// The logs that are published, as the table of leaves numbers them. The audit trail is another.
enum class LogName : std::uint8_t { data = 0, control = 1 };

class LeafReader {
 public:
  virtual ~LeafReader() = default;

  // The hashes of leaves [first, first + count), 32 bytes each, joined. Errors: log_inconsistent when one is missing;
  // storage_failed.
  [[nodiscard]] virtual core::Result<std::string> hashes(LogName log, std::uint64_t first, std::uint64_t count) = 0;
  // What these leaves are the hashes of. Errors: also not_found, when one of them was erased before entries were kept.
  [[nodiscard]] virtual core::Result<std::vector<std::string>> entries(LogName log, std::uint64_t first,
                                                                       std::uint64_t count) = 0;
};

}  // namespace tocsin::store
