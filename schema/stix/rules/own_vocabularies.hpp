// The vocabularies of our own extension definitions. One is closed where something is decided by the value: who sees an
// object, what is checked, how claims are counted, what a reader does. One that only describes is open. Constant data;
// any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

// Closed: a value outside is refused.
extern Words const kAccountsBucket;
extern Words const kAudiencePurpose;
extern Words const kCanaryScheme;
extern Words const kCollateralLevel;
extern Words const kCountBasis;
extern Words const kEvidenceBasis;
extern Words const kIndicatorKind;
extern Words const kKeyedKind;
extern Words const kKeyedScheme;
extern Words const kNewSco;
extern Words const kObservedPrevalence;
extern Words const kPropertyExtension;
extern Words const kProxyClass;
extern Words const kReviewState;
extern Words const kSightingOutcome;
extern Words const kSuggestedAction;
extern Words const kTlpLevel;

// Open: a value outside is a warning.
extern Words const kActionTaken;
extern Words const kCanaryType;
extern Words const kFingerprintAlgorithm;
extern Words const kMatchMethod;
extern Words const kRestrictionEvaded;
extern Words const kSignupChannel;
extern Words const kTargetedCapability;

}  // namespace tocsin::stix::rules
