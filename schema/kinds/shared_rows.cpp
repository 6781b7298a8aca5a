#include "schema/kinds/shared_rows.hpp"

#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/own_vocabularies.hpp"

namespace tocsin::kinds {
namespace {

using namespace stix::rules;

constexpr auto kCampaignName = names("campaign");
constexpr Targets kCampaign{.types = kCampaignName};

constexpr auto kOfEveryKind = table(
    rows(may("confidence", integer(0, 100), "How sure you are, in percent."),
         may("description", text(), "What readers should know of it."),
         may("labels", list(text()), "Your own words to find it by."),
         may("markings", list(reference(kMarking)), "Markings beside the level: audiences, authorities, statements."),
         may("ref", text(kLocalName), "What other items of the same submission call it: `local:` and this name."),
         may("tlp", word(kTlpLevel),
             "Who may see it: the level of the Traffic Light Protocol; the usual one of the kind unless given.")));

constexpr auto kRows = table(
    rows(may("action", word(kSuggestedAction), "What you would do; each member decides alone."),
         may("campaign", reference(kCampaign), "The campaign it belongs to."),
         may("collateral", word(kCollateralLevel), "How many innocent users an action would hit."),
         may("collateral_note", text(), "Who they are."),
         may("evidence_basis", list(word(kEvidenceBasis)), "What the claim rests on."),
         may("first_activity", timestamp(), "When it was first seen in an attack."),
         may("last_activity", timestamp(), "When it was last seen in an attack."),
         may("review_state", word(kReviewState), "Who looked at it before it was submitted."),
         may("share_until", timestamp(), "When copies must be gone."),
         may("valid_from", timestamp(), "Since when it holds: since now unless given."),
         may("valid_until", timestamp(), "Until when it holds: the lifetime of the kind from now on unless given.")));
static_assert(distinct(kOfEveryKind) && distinct(kRows));

constexpr std::array kRules{not_before("last_activity", "first_activity"), after("valid_until", "valid_from")};

constexpr std::array kBonds{Bond{"campaign", "indicates"}};  // STIX 2.1 section 4.7

constexpr Copied kCopies[] = {
    {"action", "suggested_action", true},
    {"campaign", "campaign_refs", true, true},
    {"collateral", "collateral_level", true},
    {"collateral_note", "collateral_note", true},
    {"confidence", "confidence"},
    {"description", "description"},
    {"evidence_basis", "evidence_basis", true},
    {"first_activity", "first_activity", true},
    {"labels", "labels"},
    {"last_activity", "last_activity", true},
    {"review_state", "review_state", true},
    {"share_until", "share_until", true},
    {"valid_from", "valid_from"},
    {"valid_until", "valid_until"},
};

}  // namespace

constinit std::span<Property const> const kSharedRows{kOfEveryKind};
constinit std::span<Property const> const kIndicatorRows{kRows};
constinit std::span<Rule const> const kIndicatorRules{kRules};
constinit std::span<Bond const> const kIndicatorBonds{kBonds};
constinit std::span<Copied const> const kCopied{kCopies};

}  // namespace tocsin::kinds
