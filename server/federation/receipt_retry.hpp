// When a receipt that was not taken is handed in again, and why it was not, in words. Owned by who hands receipts in,
// and guarded by its owner. Time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "server/federation/pace.hpp"

namespace tocsin::federation {

class ReceiptRetry {
 public:
  // `random`: from [0, 1).
  explicit ReceiptRetry(std::function<double()> random) : back_off_(std::move(random), kLongest) {}

  // May a receipt for so many entries be handed in now? One for more than was refused always may: it is another one.
  [[nodiscard]] bool is_due(std::uint64_t size, std::int64_t now_us) const;

  // It was answered with this status, which is not 204. A 202 is no refusal: somebody on the way has it.
  void not_taken(std::uint64_t size, int status, std::int64_t now_us);
  void taken();

  // The last refusal and when it is tried again, after a subject; nullopt: none, or somebody on the way has it.
  [[nodiscard]] std::optional<std::string> refusal() const;
  // The same of a receipt. Errors: unavailable, with the refusal.
  [[nodiscard]] core::Result<void> outcome() const;

 private:
  // What refuses it may be mended within the hour, as an agreement is. Who has it and loses it says nothing, and who
  // has too much to do may have less soon.
  static constexpr std::chrono::hours kLongest{1};
  static constexpr std::chrono::minutes kLongestUnrefused{1};

  BackOff back_off_;
  std::uint64_t size_ = 0;  // that was not taken; 0: none
  int status_ = 0;
  std::int64_t tried_us_ = 0, again_us_ = 0;
};

}  // namespace tocsin::federation
