// The cyber-observable objects that our new-sco extensions make.
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/own_vocabularies.hpp"

namespace tocsin::stix::rules {
namespace {

constexpr Type kAmount = integer(0, kHighest);
constexpr Type kQuantity = number(0, kHighest);
constexpr Type kShare = number(0, 1);

// Only what an observable may have: it is not versioned and has no creator, and nothing is carried along.
constexpr auto kOwnObserved = table(kOwn, kMarkingRows,
                                    rows(Property{"spec_version", kSpecVersion}, Property{"defanged", boolean()},
                                         Property{"extensions", kExtensions, Need::required}));

// --- prompt-template ------------------------------------------------------------------------------------------------

constexpr auto kFingerprintsRows =
    table(rows(must("algorithm", text(), "Name and version of the algorithm that made the values."),
               must("values", list(text(kHex)), "The fingerprints of the fixed text, in hexadecimal digits.")));
constexpr Shape kFingerprints{.name = "set of fingerprints", .properties = kFingerprintsRows, .closed = true};

constexpr auto kPromptTemplate = table(
    kOwnObserved,
    rows(must("normaliser", text(), "Name and version of the normalisation before hashing."),
         must("template_sha256", text(kSha256), "SHA-256 of the normalised template, in hexadecimal digits."),
         may("fingerprints", structure(kFingerprints), "Enough to match the template without its text."),
         may("template", text(), "The text; leave it out to share the fingerprints more widely than the text."),
         may("slot_count", kAmount, "How many places of the template vary."),
         may("token_count", kAmount, "How long the fixed text is, in tokens."),
         may("language", text(kLanguage), "The language of the fixed text."),
         may("targeted_capabilities", list(word(kTargetedCapability)), "What the answers to the template teach.")));

// --- llm-usage-profile ----------------------------------------------------------------------------------------------

constexpr auto kUsageProfile = table(
    kOwnObserved,
    rows(must("method", text(), "Version of the definitions by which the figures were computed."),
         must("window_start", timestamp(), "Begin of the time the figures are of."),
         must("window_end", timestamp(), "End of that time."),
         may("account_count", kAmount, "Accounts in the cluster."), may("ip_count", kAmount, "Addresses they used."),
         may("asn_count", kAmount, "Autonomous systems they used."),
         may("requests_total", kAmount, "Requests in the window."),
         may("requests_per_min_p50", kQuantity, "Median of requests a minute."),
         may("requests_per_min_p95", kQuantity, "95th percentile of requests a minute."),
         may("requests_per_min_max", kQuantity, "Most requests in a minute."),
         may("active_hours_entropy", kQuantity, "How evenly requests spread over the hours of the day."),
         may("sync_coefficient", kShare, "How much the accounts act in lock-step."),
         may("capability_top1", word(kTargetedCapability), "The capability asked for most."),
         may("capability_top1_share", kShare, "Its share of the requests."),
         may("prompt_entropy", kQuantity, "How varied the prompts are."),
         may("repeat_structure_ratio", kShare, "Share of prompts that share their structure with another."),
         may("output_tokens_p50", kQuantity, "Median length of an answer, in tokens."),
         may("reasoning_request_share", kShare, "Share of requests that ask for the reasoning."),
         may("decoy_share", kShare, "Share of requests that seem to hide the others."),
         may("release_model", text(), "The model whose release changed the traffic."),
         may("release_time", timestamp(), "When it was released."),
         may("release_pivot_seconds", kAmount, "From the release to the change."),
         may("release_pivot_share", kShare, "Share of traffic that moved."),
         may("shared_payment_clusters", kAmount, "Clusters of accounts with one means of payment.")));
constexpr std::array kUsageProfileRules{after("window_end", "window_start"),
                                        needs("capability_top1_share", "capability_top1")};

// --- tls-fingerprint, keyed-identifier, llm-canary ------------------------------------------------------------------

constexpr auto kTlsFingerprint =
    table(kOwnObserved, rows(must("algorithm", word(kFingerprintAlgorithm), "What computed the fingerprint."),
                             must("value", text(), "The fingerprint."),
                             may("observed_prevalence", word(kObservedPrevalence), "How common it is.")));

constexpr auto kKeyedIdentifier =
    table(kOwnObserved,
          rows(must("kind", word(kKeyedKind), "What is identified."),
               must("scheme", word(kKeyedScheme), "How the value was computed; a hash without a key is not accepted."),
               must("key_id", text(), "Which key; only its holders can compare."),
               must("value", text(kSha256), "The keyed hash, in hexadecimal digits.")));

constexpr auto kCanary =
    table(kOwnObserved,
          rows(must("canary_type", word(kCanaryType), "What was planted."),
               must("scheme", word(kCanaryScheme), "How the commitment was made."),
               must("commitment", text(kSha256), "The salted commitment, in hexadecimal digits; never the secret."),
               may("planted_from", timestamp(), "Since when it is there."),
               may("hit_model", text(), "The model in which it was found."),
               may("hit_statistic", number(), "The statistic of the test for it."),
               may("p_value", kShare, "How probable such a statistic is by chance.")));

static_assert(distinct(kPromptTemplate) && distinct(kUsageProfile) && distinct(kTlsFingerprint) &&
              distinct(kKeyedIdentifier) && distinct(kCanary));

constexpr auto kByTemplate = names("normaliser", "template_sha256");
constexpr auto kByFingerprint = names("algorithm", "value");
constexpr auto kByKeyedValue = names("key_id", "kind", "scheme", "value");
constexpr auto kByCommitment = names("commitment", "scheme");

constexpr ObjectType kTypes[] = {
    {"keyed-identifier", Category::sco, closed("keyed identifier", kKeyedIdentifier), kByKeyedValue},
    {"llm-canary", Category::sco, closed("canary", kCanary), kByCommitment},
    {"llm-usage-profile", Category::sco, closed("usage profile", kUsageProfile, kUsageProfileRules)},
    {"prompt-template", Category::sco, closed("prompt template", kPromptTemplate), kByTemplate},
    {"tls-fingerprint", Category::sco, closed("TLS fingerprint", kTlsFingerprint), kByFingerprint},
};

}  // namespace

constinit std::span<ObjectType const> const kOwnTypes{kTypes};

}  // namespace tocsin::stix::rules
