#include "schema/stix/rules/own_vocabularies.hpp"

namespace tocsin::stix::rules {
namespace {

constexpr auto kAccountsBucketWords = names("1", "2-9", "10-99", "100-999", "1000-9999", "10000-or-more");
constexpr auto kAudiencePurposeWords = names("audience", "releasable");
constexpr auto kCanarySchemeWords = names("salted-sha256");
constexpr auto kCollateralLevelWords = names("none", "low", "medium", "high");
constexpr auto kCountBasisWords = names("exact", "lower-bound", "estimate");
constexpr auto kEvidenceBasisWords = names("ip-correlation", "request-metadata", "infrastructure", "behaviour",
                                           "payment", "canary", "partner-corroboration");
constexpr auto kIndicatorKindWords =
    names("ip-range", "proxy-asn", "proxy-domain", "proxy-network", "prompt-template", "account-pattern",
          "usage-profile", "tls-fingerprint", "user-agent", "keyed-identifier", "canary");
constexpr auto kKeyedKindWords =
    names("payment-card", "payment-account", "email", "phone", "tax-id", "device-id", "billing-address", "document");
constexpr auto kKeyedSchemeWords = names("hmac-sha256");
constexpr auto kNewScoWords = names("new-sco");
constexpr auto kObservedPrevalenceWords = names("common", "rare");
constexpr auto kPropertyExtensionWords = names("property-extension");
constexpr auto kProxyClassWords =
    names("residential", "mobile", "isp-static", "datacenter", "vpn", "tor", "relay", "cgnat", "unknown");
constexpr auto kReviewStateWords = names("machine", "analyst", "two-person");
constexpr auto kSightingOutcomeWords = names("confirmed", "suspected", "false-positive", "benign-shared", "not-seen");
constexpr auto kSuggestedActionWords = names("observe", "challenge", "verify", "rate-limit", "block");
constexpr auto kTlpLevelWords = names("clear", "green", "amber", "amber+strict", "red");
constexpr auto kCanaryTypeWords =
    names("trap-prompt", "honeytoken", "honeypot-account", "output-watermark", "dataset-marker");
constexpr auto kFingerprintAlgorithmWords = names("ja3", "ja4", "ja4h");
constexpr auto kMatchMethodWords = names("exact", "cidr", "containment", "behaviour");
constexpr auto kRestrictionEvadedWords =
    names("regional-access", "identity-verification", "account-limit", "rate-limit");
constexpr auto kSignupChannelWords =
    names("self-serve", "education", "research-programme", "startup-programme", "reseller", "cloud-marketplace");
constexpr auto kTargetedCapabilityWords =
    names("agentic-coding", "tool-use", "tool-orchestration", "chain-of-thought", "reward-grading", "data-analysis",
          "computer-use", "computer-vision", "foundational-logic", "alignment", "censorship-safe-rewrite");

}  // namespace

constinit Words const kAccountsBucket{"affected-accounts-bucket-enum", kAccountsBucketWords, false};
constinit Words const kAudiencePurpose{"audience-purpose-enum", kAudiencePurposeWords, false};
constinit Words const kCanaryScheme{"canary-scheme-enum", kCanarySchemeWords, false};
constinit Words const kCollateralLevel{"collateral-level-enum", kCollateralLevelWords, false};
constinit Words const kCountBasis{"count-basis-enum", kCountBasisWords, false};
constinit Words const kEvidenceBasis{"evidence-basis-enum", kEvidenceBasisWords, false};
constinit Words const kIndicatorKind{"indicator-kind-enum", kIndicatorKindWords, false};
constinit Words const kKeyedKind{"keyed-identifier-kind-enum", kKeyedKindWords, false};
constinit Words const kKeyedScheme{"keyed-identifier-scheme-enum", kKeyedSchemeWords, false};
constinit Words const kNewSco{"new-sco-enum", kNewScoWords, false};
constinit Words const kObservedPrevalence{"observed-prevalence-enum", kObservedPrevalenceWords, false};
constinit Words const kPropertyExtension{"property-extension-enum", kPropertyExtensionWords, false};
constinit Words const kProxyClass{"proxy-class-enum", kProxyClassWords, false};
constinit Words const kReviewState{"review-state-enum", kReviewStateWords, false};
constinit Words const kSightingOutcome{"sighting-outcome-enum", kSightingOutcomeWords, false};
constinit Words const kSuggestedAction{"suggested-action-enum", kSuggestedActionWords, false};
constinit Words const kTlpLevel{"tlp-level-enum", kTlpLevelWords, false};
constinit Words const kActionTaken{"action-taken-ov", kSuggestedActionWords, true};
constinit Words const kCanaryType{"canary-type-ov", kCanaryTypeWords, true};
constinit Words const kFingerprintAlgorithm{"tls-fingerprint-algorithm-ov", kFingerprintAlgorithmWords, true};
constinit Words const kMatchMethod{"match-method-ov", kMatchMethodWords, true};
constinit Words const kRestrictionEvaded{"restriction-evaded-ov", kRestrictionEvadedWords, true};
constinit Words const kSignupChannel{"signup-channel-ov", kSignupChannelWords, true};
constinit Words const kTargetedCapability{"targeted-capability-ov", kTargetedCapabilityWords, true};

}  // namespace tocsin::stix::rules
