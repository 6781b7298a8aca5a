#include "schema/stix/rules/own_extensions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/own_vocabularies.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

constexpr Type kAmount = integer(0, kHighest);
constexpr Type kShare = number(0, 1);

constexpr auto kCampaignName = names("campaign");
constexpr auto kInfrastructureName = names("infrastructure");
constexpr auto kKeyedName = names("keyed-identifier");
constexpr Targets kCampaignOnly{.types = kCampaignName};
constexpr Targets kInfrastructureOnly{.types = kInfrastructureName};
constexpr Targets kKeyedOnly{.types = kKeyedName};

constexpr auto kPropertyRow =
    rows(must("extension_type", word(kPropertyExtension), "This extension adds properties below its own id."));
constexpr auto kNewScoRow = table(
    rows(must("extension_type", word(kNewSco), "This extension makes the type; its properties are the object's.")));

// --- rules of single extensions -------------------------------------------------------------------------------------

void share_range(Rule const& rule, Scope const& scope) {
  auto const low = scope.object.find(rule.first);
  auto const high = scope.object.find(rule.second);
  if (low == scope.object.end() || high == scope.object.end() || !low->is_number() || !high->is_number()) return;
  if (low->get<double>() <= high->get<double>()) return;
  scope.walk.find(core::Code::property_conflict, Path{&scope.at, rule.second},
                  "`" + std::string(rule.second) + "` is less than `" + std::string(rule.first) + "`.",
                  "Correct one of the two.");
}

// A marking says either whom a group holds, or which authorities may see what it marks.
void authorities_fit_purpose(Rule const&, Scope const& scope) {
  auto const purpose = scope.object.find("purpose");
  if (purpose == scope.object.end() || !purpose->is_string()) return;
  bool const releasable = purpose->get_ref<std::string const&>() == "releasable";
  if (releasable == scope.object.contains("releasable_to")) return;
  scope.walk.find(releasable ? core::Code::property_missing : core::Code::property_conflict,
                  Path{&scope.at, "releasable_to"},
                  releasable ? "A marking for authorities needs `releasable_to`."
                             : "`releasable_to` goes with the purpose releasable only.",
                  releasable ? "Add the codes of the authorities." : "Remove it, or make a marking of its own for it.");
}

// --- tables ---------------------------------------------------------------------------------------------------------

constexpr auto kIndicatorFacts = table(
    kPropertyRow,
    rows(must("indicator_kind", word(kIndicatorKind), "What the indicator is of; floors, limits and checks go by it."),
         may("suggested_action", word(kSuggestedAction), "What the author would do; each member decides alone."),
         may("collateral_level", word(kCollateralLevel), "How many innocent users an action would hit."),
         may("collateral_note", text(), "Who they are."),
         may("evidence_basis", list(word(kEvidenceBasis)), "What the claim rests on."),
         may("first_activity", timestamp(), "When it was first seen in an attack."),
         may("last_activity", timestamp(), "When it was last seen in an attack."),
         may("campaign_refs", list(reference(kCampaignOnly)), "The campaigns it belongs to."),
         may("review_state", word(kReviewState), "Who looked at it before it was submitted."),
         may("share_until", timestamp(), "When copies must be gone.")));
constexpr std::array kIndicatorFactsRules{not_before("last_activity", "first_activity")};

constexpr auto kPivotRows = table(rows(must("model", text(), "The model that was released."),
                                       must("time", timestamp(), "When it was released."),
                                       may("seconds", kAmount, "From the release to the change of the traffic."),
                                       may("share", kShare, "Share of the traffic that moved.")));
constexpr Shape kPivot{.name = "release pivot", .properties = kPivotRows, .closed = true};

constexpr auto kCampaignFacts = table(
    kPropertyRow, rows(may("account_count", kAmount, "Accounts that took part."),
                       may("account_count_basis", word(kCountBasis), "How that is known."),
                       may("exchange_count", kAmount, "Prompts and their answers."),
                       may("exchange_count_basis", word(kCountBasis), "How that is known."),
                       may("token_count", kAmount, "Tokens of the answers."),
                       may("token_count_basis", word(kCountBasis), "How that is known."),
                       may("distinct_asn_count", kAmount, "Autonomous systems they came from."),
                       may("distinct_payment_count", kAmount, "Means of payment they used."),
                       may("targeted_capabilities", list(word(kTargetedCapability)), "What was to be learned."),
                       may("target_models", list(text()), "The models that were asked."),
                       may("release_pivots", list(structure(kPivot)), "Changes that followed the release of a model."),
                       may("restrictions_evaded", list(word(kRestrictionEvaded)), "What the accounts went around."),
                       may("disclosed_publicly", boolean(), "Whether the campaign is publicly known.")));
constexpr std::array kCampaignFactsRules{some_property("extension_type"),
                                         needs("account_count", "account_count_basis"),
                                         needs("account_count_basis", "account_count"),
                                         needs("exchange_count", "exchange_count_basis"),
                                         needs("exchange_count_basis", "exchange_count"),
                                         needs("token_count", "token_count_basis"),
                                         needs("token_count_basis", "token_count")};

constexpr auto kProxyFacts = table(
    kPropertyRow, rows(must("proxy_class", word(kProxyClass), "What kind of proxy it is; lifetimes go by it."),
                       may("service_names", list(text()), "Names under which it is sold."),
                       may("reseller_of_refs", list(reference(kInfrastructureOnly)), "The networks it resells."),
                       may("shared_egress", boolean(), "Whether innocent users leave through the same addresses."),
                       may("abusive_share_min", kShare, "At least this share of the traffic is abusive."),
                       may("abusive_share_max", kShare, "At most this share of the traffic is abusive."),
                       may("address_count", kAmount, "Addresses it offers."),
                       may("rotation_seconds", kAmount, "How long one address is kept."),
                       may("exit_regions", list(text()), "Where its addresses are."),
                       may("observed_from", timestamp(), "Begin of the observation."),
                       may("observed_until", timestamp(), "End of the observation.")));
constexpr std::array kProxyFactsRules{
    not_before("observed_until", "observed_from"),
    Rule{.check = share_range, .first = "abusive_share_min", .second = "abusive_share_max"}};

constexpr auto kAccountFacts =
    table(kPropertyRow,
          rows(may("provider", text(), "Where the accounts are."),
               may("signup_channel", word(kSignupChannel), "How they were opened."),
               may("verification_path", text(), "What was verified when they were opened."),
               may("email_domain", text(kDomainName), "The domain of their addresses."),
               may("email_local_shape", text(kCharacterShape), "What the part before the @ looks like, as in aaa9999."),
               may("org_claim_shape", text(kCharacterShape), "What the claimed organisation looks like."),
               may("claimed_region", text(), "Where the accounts say they are."),
               may("observed_regions", list(text()), "Where they were seen."),
               may("billing_region", text(), "Where they are billed."),
               may("accounts_in_cluster", kAmount, "Accounts that share these traits."),
               may("handoff_count", kAmount, "How often one took over another's work."),
               may("cluster_created_from", timestamp(), "When the first was opened."),
               may("cluster_created_until", timestamp(), "When the last was opened."),
               may("keyed_identifier_refs", list(reference(kKeyedOnly)), "What they share, as keyed hashes.")));
constexpr std::array kAccountFactsRules{some_property("extension_type"),
                                        not_before("cluster_created_until", "cluster_created_from")};

constexpr auto kSightingFacts = table(
    kPropertyRow,
    rows(must("outcome", word(kSightingOutcome), "What the hits were."),
         may("action_taken", word(kActionTaken), "What was done."),
         may("affected_accounts_bucket", word(kAccountsBucket), "Roughly how many accounts; never how many exactly."),
         may("match_method", word(kMatchMethod), "How the hits were found."),
         may("detector_version", text(), "What found them.")));

constexpr auto kAudienceFacts = table(
    kPropertyRow, rows(must("purpose", word(kAudiencePurpose), "Whether the marking names a group or authorities."),
                       must("group", text(kUuid), "Random; who belongs is known to its origin only."),
                       may("releasable_to", list(text()), "Codes of the authorities that may see what is marked.")));
constexpr std::array kAudienceFactsRules{
    Rule{.check = authorities_fit_purpose,
         .schema = R"({"if":{"properties":{"purpose":{"const":"releasable"}}},"then":{"required":["releasable_to"]},
                       "else":{"not":{"required":["releasable_to"]}}})"}};

static_assert(distinct(kIndicatorFacts) && distinct(kCampaignFacts) && distinct(kProxyFacts) &&
              distinct(kAccountFacts) && distinct(kSightingFacts) && distinct(kAudienceFacts));

constexpr auto kIndicatorName = names("indicator");
constexpr auto kProxyNames = names("autonomous-system", "ipv4-addr", "ipv6-addr", "domain-name", "infrastructure");
constexpr auto kUserAccountName = names("user-account");
constexpr auto kSightingName = names("sighting");
constexpr auto kMarkingDefinitionName = names("marking-definition");
constexpr auto kTemplateName = names("prompt-template");
constexpr auto kProfileName = names("llm-usage-profile");
constexpr auto kTlsName = names("tls-fingerprint");
constexpr auto kCanaryName = names("llm-canary");

constexpr OwnExtension kExtensionsOfOurs[] = {
    {"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa", "indicator", "Distillation indicator",
     "What an indicator of a distillation attack is of, what it rests on and what it may cost to act on it.",
     kIndicatorName, closed("indicator extension", kIndicatorFacts, kIndicatorFactsRules)},
    {"extension-definition--d5bc1dbe-9168-41c0-bffa-8dd6d4616ecc", "campaign", "Distillation campaign",
     "The size, the aim and the turns of a distillation campaign. It describes conduct, not culprits.", kCampaignName,
     closed("campaign extension", kCampaignFacts, kCampaignFactsRules)},
    {"extension-definition--89c65579-de9b-4210-a48f-5526194a31fd", "proxy", "Proxy",
     "What kind of proxy an address, a domain, an autonomous system or a network is, and who else uses it.",
     kProxyNames, closed("proxy extension", kProxyFacts, kProxyFactsRules)},
    {"extension-definition--5b39b55f-3cba-4822-8b32-7adeb83efaf2", "account", "Account pattern",
     "What fraudulent accounts have in common, without clear personal data.", kUserAccountName,
     closed("account extension", kAccountFacts, kAccountFactsRules)},
    {"extension-definition--5dafce55-8cd1-458a-b071-933d0b681bb4", "prompt-template", "Prompt template",
     "A template behind many prompts. Its digest and fingerprints confirm guesses: they carry the marking of the text.",
     kTemplateName, closed("prompt template extension", kNewScoRow), true},
    {"extension-definition--75bd5fda-ddba-4292-b306-d7a4a4d7832d", "llm-usage-profile", "LLM usage profile",
     "How a cluster of accounts uses a model, in figures.", kProfileName, closed("usage profile extension", kNewScoRow),
     true},
    {"extension-definition--4f58a03b-da04-48cb-81f8-160b5877d6d9", "tls-fingerprint", "TLS fingerprint",
     "The fingerprint of a TLS or HTTP client.", kTlsName, closed("TLS fingerprint extension", kNewScoRow), true},
    {"extension-definition--23433b87-20aa-4a1b-a12d-aa0e0e81c488", "keyed-identifier", "Keyed identifier",
     "An identifier of a person or a means of payment, as a hash under a key that a named audience holds.", kKeyedName,
     closed("keyed identifier extension", kNewScoRow), true},
    {"extension-definition--ac503c2e-2b24-4676-ae0a-ad621a778aea", "llm-canary", "LLM canary",
     "A salted commitment to something planted to be found again. The secret never enters.", kCanaryName,
     closed("canary extension", kNewScoRow), true},
    {"extension-definition--b296ba0d-0d6e-4ba3-955f-90923e2aaff1", "sighting", "Sighting of a distillation indicator",
     "What came of the hits of an indicator.", kSightingName, closed("sighting extension", kSightingFacts)},
    {"extension-definition--43394b7b-7562-4b10-bd6a-4bccba96da7d", "audience", "Audience",
     "A marking that restricts an object to a group of members, or to authorities. Who belongs is not in it.",
     kMarkingDefinitionName, closed("audience extension", kAudienceFacts, kAudienceFactsRules)},
};

bool same_letters(char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; }

}  // namespace

std::span<OwnExtension const> own_extensions() { return kExtensionsOfOurs; }

OwnExtension const* find_own_extension(std::string_view key) {
  auto const found = std::ranges::find_if(
      kExtensionsOfOurs, [&](OwnExtension const& own) { return std::ranges::equal(key, own.id, same_letters); });
  return found == std::end(kExtensionsOfOurs) ? nullptr : &*found;
}

OwnExtension const* find_definition_of(std::string_view type) {
  auto const found = std::ranges::find_if(
      kExtensionsOfOurs, [&](OwnExtension const& own) { return own.makes_type && own.of.front() == type; });
  return found == std::end(kExtensionsOfOurs) ? nullptr : &*found;
}

ObjectType const* find_own_type(std::string_view name, Json const& document) {
  auto const* definition = find_definition_of(name);
  auto const extensions = document.find("extensions");
  if (definition == nullptr || extensions == document.end() || !extensions->is_object()) return nullptr;
  if (!extensions->contains(definition->id)) return nullptr;
  return &*std::ranges::find(kOwnTypes, name, &ObjectType::name);
}

}  // namespace tocsin::stix::rules
