// How long indicators hold that do not say until when. Value types; any thread.
#pragma once

#include <cstdint>

namespace tocsin::kinds {

constexpr std::int64_t hours(std::int64_t count) { return count * 3'600; }
constexpr std::int64_t days(std::int64_t count) { return count * 86'400; }

// Seconds, of each kind that does not last for good; of ip-range by what is meant.
struct Lifetimes {
  std::int64_t changing_address = hours(24);  // residential or mobile: it passes from customer to customer
  std::int64_t address = days(7);
  std::int64_t network = days(30);
  std::int64_t proxy_asn = days(180);
  std::int64_t proxy_domain = days(90);
  std::int64_t prompt_template = days(365);
  std::int64_t account_pattern = days(90);
  std::int64_t usage_profile = days(180);
  std::int64_t tls_fingerprint = days(90);
  std::int64_t user_agent = days(90);
  std::int64_t keyed_identifier = days(180);
};

}  // namespace tocsin::kinds
