#include "schema/kinds/account_pattern.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::string_view kAccountType = "llm-api";

// What an account can be held against, in the order of the pattern.
constexpr auto kTraits = stix::rules::names("billing_region", "claimed_region", "email_domain", "email_local_shape",
                                            "org_claim_shape", "provider", "signup_channel", "verification_path");

Normalised normalise(Json native, std::vector<core::Error>&) {
  if (auto const domain = native.find("email_domain"); domain != native.end())
    *domain = lower_case(domain->get<std::string>());
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  std::vector<stix::pattern::Comparison> all{
      comparison("user-account", {"account_type"}, Operator::equal, std::string(kAccountType))};
  for (auto const trait : kTraits)
    if (auto const found = native.find(trait); found != native.end())
      all.push_back(comparison("user-account", {"extensions", std::string(kAccountExtension), std::string(trait)},
                               Operator::equal, found->get<std::string>()));
  return pattern_of(std::move(all));
}

Json observable(Json const&) { return {{"type", "user-account"}, {"account_type", kAccountType}}; }

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.account_pattern; }
std::optional<std::int64_t> half_life(std::string_view) { return days(45); }

}  // namespace

// The id of a user-account derives from names that a pattern of accounts does not have.
constinit Kind const kAccountPattern{.name = "account-pattern",
                                     .meaning = "What fraudulent accounts have in common, without personal data.",
                                     .extension = kAccountExtension,
                                     .traits = kTraits,
                                     .identified = false,
                                     .floor = stix::Tlp::amber,
                                     .collection = "accounts-and-behaviour",
                                     .object_type = "malicious-activity",
                                     .normalise = normalise,
                                     .pattern = pattern,
                                     .observable = observable,
                                     .lifetime = lifetime,
                                     .half_life = half_life};

}  // namespace tocsin::kinds
