// For how long what has ended is kept. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "server/store/retention_store.hpp"

namespace tocsin::ledger {

struct RetentionPeriod {
  std::string kind;
  std::int64_t days = 0;  // after an indicator of the kind holds no more; 0: for good
};

// What is due at a time: first whatever was shared until then, then the kinds that are not kept for good.
[[nodiscard]] std::vector<store::RetentionRule> rules_at(std::span<RetentionPeriod const> periods, std::int64_t now_us);

// How long the first of what a period, or a moment that was shared until, asks for has been due. 0: nothing is.
[[nodiscard]] std::int64_t overdue_us(std::span<store::RetentionRule const> rules, std::span<store::Due const> due);

}  // namespace tocsin::ledger
