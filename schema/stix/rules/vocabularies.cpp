#include "schema/stix/rules/vocabularies.hpp"

#include <algorithm>

namespace tocsin::stix::rules {
namespace {

constexpr auto kAccountTypeWords = names("facebook", "ldap", "nis", "openid", "radius", "skype", "tacacs", "twitter",
                                         "unix", "windows-domain", "windows-local");
constexpr auto kAttackMotivationWords =
    names("accidental", "coercion", "dominance", "ideology", "notoriety", "organizational-gain", "personal-gain",
          "personal-satisfaction", "revenge", "unpredictable");
constexpr auto kAttackResourceLevelWords = names("individual", "club", "contest", "team", "organization", "government");
constexpr auto kGroupingContextWords = names("suspicious-activity", "malware-analysis", "unspecified");
constexpr auto kIdentityClassWords = names("individual", "group", "system", "organization", "class", "unknown");
constexpr auto kImplementationLanguageWords =
    names("applescript", "bash", "c", "c++", "c#", "go", "java", "javascript", "lua", "objective-c", "perl", "php",
          "powershell", "python", "ruby", "rust", "scala", "swift", "typescript", "visual-basic", "x86-32", "x86-64");
constexpr auto kIndicatorTypeWords = names("anomalous-activity", "anonymization", "benign", "compromised",
                                           "malicious-activity", "attribution", "unknown");
constexpr auto kIndustrySectorWords =
    names("agriculture", "aerospace", "automotive", "chemical", "commercial", "communications", "construction",
          "defense", "education", "energy", "entertainment", "financial-services", "government", "emergency-services",
          "government-local", "government-national", "government-public-services", "government-regional", "healthcare",
          "hospitality-leisure", "infrastructure", "dams", "nuclear", "water", "insurance", "legal", "manufacturing",
          "mining", "non-profit", "pharmaceuticals", "retail", "technology", "telecommunications", "transportation",
          "utilities");
constexpr auto kInfrastructureTypeWords =
    names("amplification", "anonymization", "botnet", "command-and-control", "control-system", "exfiltration",
          "firewall", "hosting-malware", "hosting-target-lists", "phishing", "reconnaissance", "routers-switches",
          "staging", "workstation", "unknown");
constexpr auto kMalwareCapabilitiesWords =
    names("accesses-remote-machines", "anti-debugging", "anti-disassembly", "anti-emulation", "anti-memory-forensics",
          "anti-sandbox", "anti-vm", "captures-input-peripherals", "captures-output-peripherals",
          "captures-system-state-data", "cleans-traces-of-infection", "commits-fraud", "communicates-with-c2",
          "compromises-data-availability", "compromises-data-integrity", "compromises-system-availability",
          "controls-local-machine", "degrades-security-software", "degrades-system-updates", "determines-c2-server",
          "emails-spam", "escalates-privileges", "evades-av", "exfiltrates-data", "fingerprints-host",
          "hides-artifacts", "hides-executing-code", "infects-files", "infects-remote-machines",
          "installs-other-components", "persists-after-system-reboot", "prevents-artifact-access",
          "prevents-artifact-deletion", "probes-network-environment", "self-modifies",
          "steals-authentication-credentials", "violates-system-operational-integrity");
constexpr auto kMalwareResultWords = names("malicious", "suspicious", "benign", "unknown");
constexpr auto kMalwareTypeWords =
    names("adware", "backdoor", "bot", "bootkit", "ddos", "downloader", "dropper", "exploit-kit", "keylogger",
          "ransomware", "remote-access-trojan", "resource-exploitation", "rogue-security-software", "rootkit",
          "screen-capture", "spyware", "trojan", "unknown", "virus", "webshell", "wiper", "worm");
constexpr auto kPatternTypeWords = names("stix", "pcre", "sigma", "snort", "suricata", "yara");
constexpr auto kPeBinaryTypeWords = names("exe", "dll", "sys");
constexpr auto kProcessorArchitectureWords =
    names("alpha", "arm", "ia-64", "mips", "powerpc", "sparc", "x86", "x86-64");
constexpr auto kRegionWords =
    names("africa", "eastern-africa", "middle-africa", "northern-africa", "southern-africa", "western-africa",
          "americas", "caribbean", "central-america", "latin-america-caribbean", "northern-america", "south-america",
          "asia", "central-asia", "eastern-asia", "southern-asia", "south-eastern-asia", "western-asia", "europe",
          "eastern-europe", "northern-europe", "southern-europe", "western-europe", "oceania", "antarctica",
          "australia-new-zealand", "melanesia", "micronesia", "polynesia");
constexpr auto kReportTypeWords =
    names("attack-pattern", "campaign", "identity", "indicator", "intrusion-set", "malware", "observed-data",
          "threat-actor", "threat-report", "tool", "vulnerability");
constexpr auto kThreatActorRoleWords = names("agent", "director", "independent", "infrastructure-architect",
                                             "infrastructure-operator", "malware-author", "sponsor");
constexpr auto kThreatActorSophisticationWords =
    names("none", "minimal", "intermediate", "advanced", "strategic", "expert", "innovator");
constexpr auto kThreatActorTypeWords =
    names("activist", "competitor", "crime-syndicate", "criminal", "hacker", "insider-accidental",
          "insider-disgruntled", "nation-state", "sensationalist", "spy", "terrorist", "unknown");
constexpr auto kToolTypeWords = names("denial-of-service", "exploitation", "information-gathering", "network-capture",
                                      "credential-exploitation", "remote-access", "vulnerability-scanning", "unknown");
constexpr auto kEncryptionAlgorithmWords = names("AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated");
constexpr auto kExtensionTypeWords =
    names("new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension");
constexpr auto kIntegrityLevelWords = names("low", "medium", "high", "system");
constexpr auto kOpinionWords = names("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree");
constexpr auto kRegistryDatatypeWords =
    names("REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN",
          "REG_DWORD_LITTLE_ENDIAN", "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTION",
          "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD", "REG_INVALID_TYPE");
constexpr auto kServiceStartTypeWords = names("SERVICE_AUTO_START", "SERVICE_BOOT_START", "SERVICE_DEMAND_START",
                                              "SERVICE_DISABLED", "SERVICE_SYSTEM_ALERT");
constexpr auto kServiceStatusWords =
    names("SERVICE_CONTINUE_PENDING", "SERVICE_PAUSE_PENDING", "SERVICE_PAUSED", "SERVICE_RUNNING",
          "SERVICE_START_PENDING", "SERVICE_STOP_PENDING", "SERVICE_STOPPED");
constexpr auto kServiceTypeWords = names("SERVICE_KERNEL_DRIVER", "SERVICE_FILE_SYSTEM_DRIVER",
                                         "SERVICE_WIN32_OWN_PROCESS", "SERVICE_WIN32_SHARE_PROCESS");
constexpr auto kSocketAddressFamilyWords =
    names("AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH");
constexpr auto kSocketTypeWords = names("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET");

}  // namespace

constinit Words const kAccountType{"account-type-ov", kAccountTypeWords, true};
constinit Words const kAttackMotivation{"attack-motivation-ov", kAttackMotivationWords, true};
constinit Words const kAttackResourceLevel{"attack-resource-level-ov", kAttackResourceLevelWords, true};
constinit Words const kGroupingContext{"grouping-context-ov", kGroupingContextWords, true};
constinit Words const kIdentityClass{"identity-class-ov", kIdentityClassWords, true};
constinit Words const kImplementationLanguage{"implementation-language-ov", kImplementationLanguageWords, true};
constinit Words const kIndicatorType{"indicator-type-ov", kIndicatorTypeWords, true};
constinit Words const kIndustrySector{"industry-sector-ov", kIndustrySectorWords, true};
constinit Words const kInfrastructureType{"infrastructure-type-ov", kInfrastructureTypeWords, true};
constinit Words const kMalwareCapabilities{"malware-capabilities-ov", kMalwareCapabilitiesWords, true};
constinit Words const kMalwareResult{"malware-result-ov", kMalwareResultWords, true};
constinit Words const kMalwareType{"malware-type-ov", kMalwareTypeWords, true};
constinit Words const kPatternType{"pattern-type-ov", kPatternTypeWords, true};
constinit Words const kPeBinaryType{"windows-pebinary-type-ov", kPeBinaryTypeWords, true};
constinit Words const kProcessorArchitecture{"processor-architecture-ov", kProcessorArchitectureWords, true};
constinit Words const kRegion{"region-ov", kRegionWords, true};
constinit Words const kReportType{"report-type-ov", kReportTypeWords, true};
constinit Words const kThreatActorRole{"threat-actor-role-ov", kThreatActorRoleWords, true};
constinit Words const kThreatActorSophistication{"threat-actor-sophistication-ov", kThreatActorSophisticationWords,
                                                 true};
constinit Words const kThreatActorType{"threat-actor-type-ov", kThreatActorTypeWords, true};
constinit Words const kToolType{"tool-type-ov", kToolTypeWords, true};
constinit Words const kEncryptionAlgorithm{"encryption-algorithm-enum", kEncryptionAlgorithmWords, false};
constinit Words const kExtensionType{"extension-type-enum", kExtensionTypeWords, false};
constinit Words const kIntegrityLevel{"windows-integrity-level-enum", kIntegrityLevelWords, false};
constinit Words const kOpinion{"opinion-enum", kOpinionWords, false};
constinit Words const kRegistryDatatype{"windows-registry-datatype-enum", kRegistryDatatypeWords, false};
constinit Words const kServiceStartType{"windows-service-start-type-enum", kServiceStartTypeWords, false};
constinit Words const kServiceStatus{"windows-service-status-enum", kServiceStatusWords, false};
constinit Words const kServiceType{"windows-service-type-enum", kServiceTypeWords, false};
constinit Words const kSocketAddressFamily{"network-socket-address-family-enum", kSocketAddressFamilyWords, false};
constinit Words const kSocketType{"network-socket-type-enum", kSocketTypeWords, false};

bool contains(Names sorted, std::string_view text) { return std::binary_search(sorted.begin(), sorted.end(), text); }

}  // namespace tocsin::stix::rules
