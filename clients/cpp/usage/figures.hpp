// How accounts use a model, in figures; docs/profile-metrics.md defines each. A value type; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "clients/cpp/usage/pace.hpp"
#include "clients/cpp/usage/releases.hpp"
#include "clients/cpp/usage/window.hpp"

namespace tocsin::client {

// The version of the definitions: one that changes any of them has another name.
inline constexpr char const* kUsageMethod = "tocsin-1";

// What is absent cannot be told of so few requests, or of what the log says.
struct Figures {
  Window window;
  std::size_t accounts = 0, addresses = 0;
  std::uint64_t requests = 0;
  std::optional<Pace::Minutely> minutely;
  std::optional<double> active_hours_entropy, sync_coefficient, prompt_entropy, repeat_structure_ratio;
  std::optional<std::uint64_t> output_tokens_p50;
  std::optional<std::string> capability_top1;
  std::optional<double> capability_top1_share, reasoning_request_share, decoy_share;
  std::optional<Pivot> pivot;
  std::optional<std::size_t> shared_payment_clusters;
};

}  // namespace tocsin::client
