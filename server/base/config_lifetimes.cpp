// The keys of [lifetimes]: a kind that lasts for good has none.
#include "server/base/config_rows.hpp"

namespace tocsin::base {
namespace {

using L = Config::Lifetimes;

template <auto Field>
ConfigRow lasting(std::string_view key, std::string_view text, std::int64_t standard, std::int64_t most) {
  return integer<&Config::lifetimes, Field>({"lifetimes", key, text, Takes::restart}, standard, 1, most);
}

}  // namespace

void lifetime_rows(std::vector<ConfigRow>& rows) {
  constexpr std::int64_t kHours = 8'760, kDays = 3'650;
  rows.push_back(lasting<&L::changing_address_h>(
      "changing_address_h", "Hours of an ip-range that is one address of a residential or mobile proxy.", 24, kHours));
  rows.push_back(lasting<&L::address_d>("address_d", "Days of an ip-range that is another single address.", 7, kDays));
  rows.push_back(lasting<&L::network_d>("network_d", "Days of an ip-range that is a network.", 30, kDays));
  rows.push_back(lasting<&L::proxy_asn_d>("proxy_asn_d", "Days of a proxy-asn.", 180, kDays));
  rows.push_back(lasting<&L::proxy_domain_d>("proxy_domain_d", "Days of a proxy-domain.", 90, kDays));
  rows.push_back(lasting<&L::prompt_template_d>("prompt_template_d", "Days of a prompt-template.", 365, kDays));
  rows.push_back(lasting<&L::account_pattern_d>("account_pattern_d", "Days of an account-pattern.", 90, kDays));
  rows.push_back(lasting<&L::usage_profile_d>("usage_profile_d", "Days of a usage-profile.", 180, kDays));
  rows.push_back(lasting<&L::tls_fingerprint_d>("tls_fingerprint_d", "Days of a tls-fingerprint.", 90, kDays));
  rows.push_back(lasting<&L::user_agent_d>("user_agent_d", "Days of a user-agent.", 90, kDays));
  rows.push_back(lasting<&L::keyed_identifier_d>("keyed_identifier_d", "Days of a keyed-identifier.", 180, kDays));
}

}  // namespace tocsin::base
