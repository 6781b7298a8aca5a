// Cyber-observable objects, STIX 2.1 section 6, with their ID contributing properties. Rows in the order of the
// specification.
#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/types.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

// --- rules of single types ------------------------------------------------------------------------------------------

bool is_flag(Json const& object, std::string_view name, bool wanted) {
  auto const found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>() == wanted;
}

void ended_is_not_active(Rule const&, Scope const& scope) {
  if (!scope.object.contains("end") || !is_flag(scope.object, "is_active", true)) return;
  scope.walk.find(core::Code::property_conflict, Path{&scope.at, "is_active"},
                  "Traffic that has an `end` is not active.", "Set `is_active` to false or remove `end`.");
}

void body_fits_parts(Rule const&, Scope const& scope) {
  for (bool const multipart : {true, false}) {
    std::string_view const excluded = multipart ? "body" : "body_multipart";
    if (!is_flag(scope.object, "is_multipart", multipart) || !scope.object.contains(excluded)) continue;
    scope.walk.find(core::Code::property_conflict, Path{&scope.at, excluded},
                    "`" + std::string(excluded) + "` does not go with this value of `is_multipart`.",
                    "Use `body_multipart` for a message of several parts, `body` for any other.");
  }
}

// --- structures -----------------------------------------------------------------------------------------------------

constexpr auto kEmailAddrName = names("email-addr");
constexpr auto kArtifactName = names("artifact");
constexpr auto kArtifactOrFileNames = names("artifact", "file");
constexpr auto kFileName = names("file");
constexpr auto kDirectoryName = names("directory");
constexpr auto kFileOrDirectoryNames = names("file", "directory");
constexpr auto kResolvedNames = names("ipv4-addr", "ipv6-addr", "domain-name");
constexpr auto kMacName = names("mac-addr");
constexpr auto kAsName = names("autonomous-system");
constexpr auto kEndpointNames = names("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name");
constexpr auto kTrafficName = names("network-traffic");
constexpr auto kProcessName = names("process");
constexpr auto kAccountName = names("user-account");
constexpr Targets kEmailAddr{.types = kEmailAddrName};
constexpr Targets kArtifactOnly{.types = kArtifactName};
constexpr Targets kArtifactOrFile{.types = kArtifactOrFileNames};
constexpr Targets kFileOnly{.types = kFileName};
constexpr Targets kDirectoryOnly{.types = kDirectoryName};
constexpr Targets kFileOrDirectory{.types = kFileOrDirectoryNames};
constexpr Targets kResolved{.types = kResolvedNames};
constexpr Targets kMacOnly{.types = kMacName};
constexpr Targets kAsOnly{.types = kAsName};
constexpr Targets kEndpoint{.types = kEndpointNames};
constexpr Targets kTraffic{.types = kTrafficName};
constexpr Targets kProcessOnly{.types = kProcessName};
constexpr Targets kAccount{.types = kAccountName};

constexpr auto kMimePartRows = table(texts("body", "content_type", "content_disposition"),
                                     rows(Property{"body_raw_ref", reference(kArtifactOrFile)}));
constexpr std::array<std::string_view, 2> kMimePartAny{"body", "body_raw_ref"};
constexpr std::array kMimePartRules{any_of(kMimePartAny)};
constexpr Shape kMimePart{"MIME part", kMimePartRows, kMimePartRules};

constexpr std::array kSomeRules{some_property()};

constexpr auto kRegistryValueRows = table(texts("name", "data"), rows(Property{"data_type", word(kRegistryDatatype)}));
constexpr Shape kRegistryValue{"registry value", kRegistryValueRows, kSomeRules};

constexpr auto kX509ExtensionsRows =
    table(texts("basic_constraints", "name_constraints", "policy_constraints", "key_usage", "extended_key_usage",
                "subject_key_identifier", "authority_key_identifier", "subject_alternative_name",
                "issuer_alternative_name", "subject_directory_attributes", "crl_distribution_points",
                "inhibit_any_policy", "certificate_policies", "policy_mappings"),
          timestamps("private_key_usage_period_not_before", "private_key_usage_period_not_after"));
constexpr Shape kX509Extensions{"set of X.509 v3 extensions", kX509ExtensionsRows, kSomeRules};

// --- tables ---------------------------------------------------------------------------------------------------------

constexpr auto kArtifact =
    table(kObserved, texts("mime_type", "decryption_key"),
          rows(Property{"payload_bin", text(kBinary)}, Property{"url", text(kUrl)}, Property{"hashes", hashes()},
               Property{"encryption_algorithm", word(kEncryptionAlgorithm)}));
constexpr std::array kArtifactRules{exactly_one("payload_bin", "url"), needs("url", "hashes"),
                                    needs("decryption_key", "encryption_algorithm")};

constexpr auto kAutonomousSystem =
    table(kObserved, rows(Property{"number", integer(0, 4'294'967'295), Need::required}), texts("name", "rir"));

constexpr auto kDirectory =
    table(kObserved, rows(Property{"path", text(), Need::required}), texts("path_enc"),
          timestamps("ctime", "mtime", "atime"), rows(Property{"contains_refs", list(reference(kFileOrDirectory))}));
constexpr std::array kDirectoryRules{needs("path_enc", "path")};

constexpr auto kDomainName = table(kObserved, rows(Property{"value", text(kDomain), Need::required},
                                                   Property{"resolves_to_refs", list(reference(kResolved))}));

constexpr auto kEmailAddress = table(kObserved, rows(Property{"value", text(kEmail), Need::required}),
                                     texts("display_name"), rows(Property{"belongs_to_ref", reference(kAccount)}));

constexpr auto kEmailMessage = table(
    kObserved,
    rows(Property{"is_multipart", boolean(), Need::required}, Property{"date", timestamp()},
         Property{"from_ref", reference(kEmailAddr)}, Property{"sender_ref", reference(kEmailAddr)},
         Property{"to_refs", list(reference(kEmailAddr))}, Property{"cc_refs", list(reference(kEmailAddr))},
         Property{"bcc_refs", list(reference(kEmailAddr))}, Property{"received_lines", list(text())},
         Property{"additional_header_fields", dictionary(Entries::text_list)},
         Property{"body_multipart", list(structure(kMimePart))}, Property{"raw_email_ref", reference(kArtifactOnly)}),
    texts("content_type", "message_id", "subject", "body"));
constexpr std::array kEmailMessageRules{
    Rule{.check = body_fits_parts,
         .schema = R"({"if":{"properties":{"is_multipart":{"const":true}}},"then":{"not":{"required":["body"]}},
                       "else":{"not":{"required":["body_multipart"]}}})"}};

constexpr auto kFile = table(
    kObserved, texts("name", "name_enc", "mime_type"), timestamps("ctime", "mtime", "atime"),
    rows(Property{"hashes", hashes()}, Property{"size", integer(0)}, Property{"magic_number_hex", text(kHex)},
         Property{"parent_directory_ref", reference(kDirectoryOnly)},
         Property{"contains_refs", list(reference(kScoOnly))}, Property{"content_ref", reference(kArtifactOnly)}));
constexpr std::array<std::string_view, 2> kFileAny{"hashes", "name"};
constexpr std::array kFileRules{any_of(kFileAny), needs("name_enc", "name")};

constexpr auto kAddressRows = rows(Property{"resolves_to_refs", list(reference(kMacOnly))},
                                   Property{"belongs_to_refs", list(reference(kAsOnly))});
constexpr auto kIpv4Addr = table(kObserved, kAddressRows, rows(Property{"value", text(kIpv4), Need::required}));
constexpr auto kIpv6Addr = table(kObserved, kAddressRows, rows(Property{"value", text(kIpv6), Need::required}));
constexpr auto kMacAddr = table(kObserved, rows(Property{"value", text(kMac), Need::required}));
constexpr auto kMutex = table(kObserved, rows(Property{"name", text(), Need::required}));
constexpr auto kUrlObject = table(kObserved, rows(Property{"value", text(kUrl), Need::required}));

constexpr auto kNetworkTraffic = table(
    kObserved,
    rows(Property{"start", timestamp()}, Property{"end", timestamp()}, Property{"is_active", boolean()},
         Property{"src_ref", reference(kEndpoint)}, Property{"dst_ref", reference(kEndpoint)},
         Property{"src_port", integer(0, 65'535)}, Property{"dst_port", integer(0, 65'535)},
         Property{"protocols", list(text()), Need::required}, Property{"src_byte_count", integer(0)},
         Property{"dst_byte_count", integer(0)}, Property{"src_packets", integer(0)},
         Property{"dst_packets", integer(0)}, Property{"ipfix", dictionary(Entries::text_or_integer)},
         Property{"src_payload_ref", reference(kArtifactOnly)}, Property{"dst_payload_ref", reference(kArtifactOnly)},
         Property{"encapsulates_refs", list(reference(kTraffic))},
         Property{"encapsulated_by_ref", reference(kTraffic)}));
constexpr std::array<std::string_view, 2> kTrafficAny{"src_ref", "dst_ref"};
constexpr std::array kNetworkTrafficRules{
    any_of(kTrafficAny), not_before("end", "start"),
    Rule{.check = ended_is_not_active, .schema = R"({"not":{"properties":{"is_active":{"const":true}},
                                                                    "required":["is_active","end"]}})"}};

constexpr auto kProcess =
    table(kObserved, texts("cwd", "command_line"),
          rows(Property{"is_hidden", boolean()}, Property{"pid", integer()}, Property{"created_time", timestamp()},
               Property{"environment_variables", dictionary(Entries::text)},
               Property{"opened_connection_refs", list(reference(kTraffic))},
               Property{"creator_user_ref", reference(kAccount)}, Property{"image_ref", reference(kFileOnly)},
               Property{"parent_ref", reference(kProcessOnly)}, Property{"child_refs", list(reference(kProcessOnly))}));

constexpr auto kSoftware =
    table(kObserved, rows(Property{"name", text(), Need::required}, Property{"cpe", text(kCpe)}),
          texts("swid", "vendor", "version"), rows(Property{"languages", list(text(kLanguage))}));

constexpr auto kUserAccount =
    table(kObserved, texts("user_id", "credential", "account_login", "display_name"),
          rows(Property{"account_type", word(kAccountType)}, Property{"is_service_account", boolean()},
               Property{"is_privileged", boolean()}, Property{"can_escalate_privs", boolean()},
               Property{"is_disabled", boolean()}),
          timestamps("account_created", "account_expires", "credential_last_changed", "account_first_login",
                     "account_last_login"));

constexpr auto kWindowsRegistryKey =
    table(kObserved, texts("key"), timestamps("modified_time"),
          rows(Property{"values", list(structure(kRegistryValue))}, Property{"creator_user_ref", reference(kAccount)},
               Property{"number_of_subkeys", integer()}));

constexpr auto kX509Certificate = table(kObserved,
                                        texts("version", "serial_number", "signature_algorithm", "issuer", "subject",
                                              "subject_public_key_algorithm", "subject_public_key_modulus"),
                                        timestamps("validity_not_before", "validity_not_after"),
                                        rows(Property{"is_self_signed", boolean()}, Property{"hashes", hashes()},
                                             Property{"subject_public_key_exponent", integer()},
                                             Property{"x509_v3_extensions", structure(kX509Extensions)}));

static_assert(distinct(kArtifact) && distinct(kAutonomousSystem) && distinct(kDirectory) && distinct(kDomainName) &&
              distinct(kEmailAddress) && distinct(kEmailMessage) && distinct(kFile) && distinct(kIpv4Addr) &&
              distinct(kIpv6Addr) && distinct(kMacAddr) && distinct(kMutex) && distinct(kUrlObject) &&
              distinct(kNetworkTraffic) && distinct(kProcess) && distinct(kSoftware) && distinct(kUserAccount) &&
              distinct(kWindowsRegistryKey) && distinct(kX509Certificate));

// --- ID contributing properties -------------------------------------------------------------------------------------

constexpr auto kValue = names("value");
constexpr auto kByArtifact = names("hashes", "payload_bin");
constexpr auto kByNumber = names("number");
constexpr auto kByPath = names("path");
constexpr auto kByEmail = names("from_ref", "subject", "body");
constexpr auto kByFile = names("hashes", "name", "extensions", "parent_directory_ref");
constexpr auto kByName = names("name");
constexpr auto kByTraffic =
    names("start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions");
constexpr auto kBySoftware = names("name", "cpe", "swid", "vendor", "version");
constexpr auto kByAccount = names("account_type", "user_id", "account_login");
constexpr auto kByKey = names("key", "values");
constexpr auto kByCertificate = names("hashes", "serial_number");

constexpr ObjectType kTypes[] = {
    {"artifact", Category::sco, {"artifact", kArtifact, kArtifactRules}, kByArtifact},
    {"autonomous-system", Category::sco, {"autonomous system", kAutonomousSystem}, kByNumber},
    {"directory", Category::sco, {"directory", kDirectory, kDirectoryRules}, kByPath},
    {"domain-name", Category::sco, {"domain name", kDomainName}, kValue},
    {"email-addr", Category::sco, {"email address", kEmailAddress}, kValue},
    {"email-message", Category::sco, {"email message", kEmailMessage, kEmailMessageRules}, kByEmail},
    {"file", Category::sco, {"file", kFile, kFileRules}, kByFile},
    {"ipv4-addr", Category::sco, {"IPv4 address", kIpv4Addr}, kValue},
    {"ipv6-addr", Category::sco, {"IPv6 address", kIpv6Addr}, kValue},
    {"mac-addr", Category::sco, {"MAC address", kMacAddr}, kValue},
    {"mutex", Category::sco, {"mutex", kMutex}, kByName},
    {"network-traffic", Category::sco, {"network traffic", kNetworkTraffic, kNetworkTrafficRules}, kByTraffic},
    {"process", Category::sco, {"process", kProcess, kSomeRules}},  // section 6.13.1: never a deterministic id
    {"software", Category::sco, {"software", kSoftware}, kBySoftware},
    {"url", Category::sco, {"URL", kUrlObject}, kValue},
    {"user-account", Category::sco, {"user account", kUserAccount, kSomeRules}, kByAccount},
    {"windows-registry-key", Category::sco, {"Windows registry key", kWindowsRegistryKey, kSomeRules}, kByKey},
    {"x509-certificate", Category::sco, {"X.509 certificate", kX509Certificate, kSomeRules}, kByCertificate},
};

}  // namespace

constinit std::span<ObjectType const> const kObservableTypes{kTypes};

}  // namespace tocsin::stix::rules
