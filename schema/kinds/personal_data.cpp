#include "schema/kinds/personal_data.hpp"

#include <algorithm>

namespace tocsin::kinds {
namespace {

using enum PersonalData;

struct Row {
  std::string_view kind;  // "": of every kind that has the property
  std::string_view property;
  PersonalData data;
};

constexpr Row kRows[] = {
    // clang-format off
    {"", "aliases", text}, {"", "collateral_note", text}, {"", "description", text}, {"", "labels", text},
    {"", "name", text}, {"", "service_names", text}, {"", "objective", text},
    {"", "ref", none}, {"", "markings", none}, {"", "exit_regions", none}, {"", "target_models", none},
    {"account-pattern", "billing_region", group}, {"account-pattern", "claimed_region", group},
    {"account-pattern", "email_domain", group}, {"account-pattern", "email_local_shape", group},
    {"account-pattern", "keyed_identifier_refs", pseudonym}, {"account-pattern", "observed_regions", group},
    {"account-pattern", "org_claim_shape", group}, {"account-pattern", "provider", none},
    {"account-pattern", "accounts_in_cluster", group}, {"account-pattern", "handoff_count", group},
    {"account-pattern", "signup_channel", group}, {"account-pattern", "verification_path", group},
    {"campaign", "release_pivots", group},
    {"canary", "commitment", none}, {"canary", "hit_model", none}, {"canary", "hit_statistic", none}, {"canary", "scheme", none},
    {"ip-range", "value", identifier},
    {"keyed-identifier", "key_id", none}, {"keyed-identifier", "scheme", none}, {"keyed-identifier", "value", pseudonym},
    {"prompt-template", "fingerprints", none}, {"prompt-template", "language", none}, {"prompt-template", "normaliser", none},
    {"prompt-template", "template", text}, {"prompt-template", "template_sha256", none},
    {"proxy-asn", "value", none}, {"proxy-domain", "value", none},
    {"tls-fingerprint", "value", none}, {"user-agent", "value", none},
    {"usage-profile", "capability_top1", group}, {"usage-profile", "method", none}, {"usage-profile", "release_model", none},
    {"usage-profile", "value", none},
    // clang-format on
};

// A number, a time, a word of a list or the name of another object.
bool tells_nothing(stix::rules::Type const& type) {
  using enum stix::rules::Kind;
  switch (type.kind) {
    case boolean:
    case integer:
    case number:
    case timestamp:
    case reference:
    case word:
    case own_type:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<PersonalData> personal_data(Kind const& kind, stix::rules::Property const& property) {
  auto found = std::ranges::find_if(kRows, [&](Row const& row) {
    return row.property == property.name && (row.kind.empty() || row.kind == kind.name);
  });
  if (found != std::end(kRows)) return found->data;
  if (!tells_nothing(property.type)) return std::nullopt;
  return kind.name == "usage-profile" && property.type.kind == stix::rules::Kind::number ? group : none;
}

std::string_view name(PersonalData data) {
  constexpr std::string_view kNames[] = {"none", "of a group", "online identifier", "pseudonym", "free text"};
  return kNames[static_cast<std::size_t>(data)];
}

}  // namespace tocsin::kinds
