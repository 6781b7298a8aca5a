// The vocabularies and enumerations of STIX 2.1, section 10. Constant data; any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

// Open vocabularies: a value outside is a warning.
extern Words const kAccountType;
extern Words const kAttackMotivation;
extern Words const kAttackResourceLevel;
extern Words const kGroupingContext;
extern Words const kIdentityClass;
extern Words const kImplementationLanguage;
extern Words const kIndicatorType;
extern Words const kIndustrySector;
extern Words const kInfrastructureType;
extern Words const kMalwareCapabilities;
extern Words const kMalwareResult;
extern Words const kMalwareType;
extern Words const kPatternType;
extern Words const kPeBinaryType;
extern Words const kProcessorArchitecture;
extern Words const kRegion;
extern Words const kReportType;
extern Words const kThreatActorRole;
extern Words const kThreatActorSophistication;
extern Words const kThreatActorType;
extern Words const kToolType;

// Enumerations: a value outside is refused.
extern Words const kEncryptionAlgorithm;
extern Words const kExtensionType;
extern Words const kIntegrityLevel;
extern Words const kOpinion;
extern Words const kRegistryDatatype;
extern Words const kServiceStartType;
extern Words const kServiceStatus;
extern Words const kServiceType;
extern Words const kSocketAddressFamily;
extern Words const kSocketType;

[[nodiscard]] bool contains(Names sorted, std::string_view text);

}  // namespace tocsin::stix::rules
