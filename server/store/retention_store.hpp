// What has to be destroyed because its time has come: an indicator that was shared until then, or one that has held no
// more for as long as its kind is kept. The reader is asked on reader threads; what is due is destroyed by the control
// store.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// Due is what has this moment behind it, or at it.
struct RetentionRule {
  std::string kind;  // whose indicators hold no more since then; "": of any kind, and shared until then
  std::int64_t until_us = 0;
};

// What one transaction may destroy: commits wait for it.
struct RetentionBatch {
  std::size_t indicators = 64;
  std::chrono::steady_clock::time_point end;  // no other one is begun after it
};

struct Due {
  std::string kind;  // of the rule
  std::int64_t versions = 0;
  std::optional<std::int64_t> oldest_us;  // the earliest of their moments
};

class RetentionReader {
 public:
  virtual ~RetentionReader() = default;
  // One for each rule, in their order. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Due>> due(std::span<RetentionRule const> rules) = 0;
};

}  // namespace tocsin::store
