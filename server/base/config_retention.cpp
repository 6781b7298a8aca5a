// The keys of [retention]: one for each kind that becomes an indicator.
#include "server/base/config_rows.hpp"

namespace tocsin::base {
namespace {

using R = Config::Retention;

template <auto Field>
ConfigRow kept(std::string_view key, std::string_view text, std::int64_t standard = 0) {
  return integer<&Config::retention, Field>({"retention", key, text, Takes::restart}, standard, 0, 36'500);
}

}  // namespace

void retention_rows(std::vector<ConfigRow>& rows) {
  rows.push_back(integer<&Config::retention, &R::interval_s>(
      {"retention", "interval_s", "Seconds between looks at what is due, that whose `share_until` has passed included.",
       Takes::restart},
      60, 1, 86'400));
  rows.push_back(kept<&R::account_pattern_d>("account_pattern_d", "Days that an ended account-pattern is kept."));
  rows.push_back(kept<&R::canary_d>("canary_d", "Days that an ended canary is kept."));
  rows.push_back(kept<&R::ip_range_d>("ip_range_d", "Days that an ended ip-range is kept."));
  rows.push_back(kept<&R::keyed_identifier_d>(
      "keyed_identifier_d", "Days that an ended keyed-identifier is kept: a pseudonym of a person.", 365));
  rows.push_back(kept<&R::prompt_template_d>("prompt_template_d", "Days that an ended prompt-template is kept."));
  rows.push_back(kept<&R::proxy_asn_d>("proxy_asn_d", "Days that an ended proxy-asn is kept."));
  rows.push_back(kept<&R::proxy_domain_d>("proxy_domain_d", "Days that an ended proxy-domain is kept."));
  rows.push_back(kept<&R::tls_fingerprint_d>("tls_fingerprint_d", "Days that an ended tls-fingerprint is kept."));
  rows.push_back(kept<&R::usage_profile_d>("usage_profile_d", "Days that an ended usage-profile is kept."));
  rows.push_back(kept<&R::user_agent_d>("user_agent_d", "Days that an ended user-agent is kept."));
}

}  // namespace tocsin::base
