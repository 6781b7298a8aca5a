#include "server/federation/receipt_retry.hpp"

#include <algorithm>

#include "schema/stix/timestamp.hpp"

namespace tocsin::federation {
namespace {

constexpr int kOnItsWay = 202, kTooMany = 429, kFirstOfServer = 500;

bool is_refusal(int status) { return status != kOnItsWay && status != kTooMany && status < kFirstOfServer; }

}  // namespace

// A clock that was set back holds nothing up.
bool ReceiptRetry::is_due(std::uint64_t size, std::int64_t now_us) const {
  return size > size_ || now_us >= again_us_ || now_us < tried_us_;
}

void ReceiptRetry::not_taken(std::uint64_t size, int status, std::int64_t now_us) {
  if (size > size_) back_off_.succeeded();
  size_ = size;
  status_ = status;
  tried_us_ = now_us;
  std::chrono::microseconds wait = back_off_.failed();
  if (!is_refusal(status)) wait = std::min<std::chrono::microseconds>(wait, kLongestUnrefused);
  again_us_ = now_us + wait.count();
}

void ReceiptRetry::taken() {
  back_off_.succeeded();
  size_ = 0;
  status_ = 0;
  tried_us_ = again_us_ = 0;
}

std::optional<std::string> ReceiptRetry::refusal() const {
  if (size_ == 0 || status_ == kOnItsWay) return std::nullopt;
  return "was refused with " + std::to_string(status_) + "; it is tried again at " +
         stix::Timestamp::from_microseconds(again_us_).text() + ".";
}

core::Result<void> ReceiptRetry::outcome() const {
  auto const refused = refusal();
  if (!refused) return {};
  return core::fail(core::Code::unavailable,
                    "The receipt for " + std::to_string(size_) + " entries of the control log " + *refused);
}

}  // namespace tocsin::federation
