#include "schema/json/inventory.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/personal_data.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::schemas {
namespace {

using kinds::Kind;
using kinds::PersonalData;
using Rows = std::map<std::string_view, stix::rules::Property const*>;

constexpr std::string_view kHead = R"(# Data inventory

Which data an instance takes in the [short form](kinds.md), property by property: what of it may be personal data, who reads it, how long it is kept.
This page is written from the table of kinds (`make schemas`), and a test fails when it is not what the table says.

What may be personal:

- **online identifier**: may have been one person's for a time (GDPR, recital 30);
- **pseudonym**: a keyed hash of an identifier; who has the key can test a guess (GDPR, article 4(5)), so the key belongs to a named audience;
- **of a group**: tells of many accounts together, of none alone;
- **free text**: people may write anything into it. [Harm checks](harm-checks.md) warn of clear e-mail addresses and telephone numbers, and refuse keys, tokens and card numbers;
- **none**: numbers, times, words of a list, names of other objects, and what is of software, networks or models.

How long: until it is [erased](operating.md#erase), or its time has come ([retention](retention.md)): `share_until` has passed, or it ended as many days ago as its kind
is kept. Each kind names the key of `[retention]` that says so, and how it is kept unless the operator says otherwise. When `valid_until` has passed an indicator holds
no more, and when it is withdrawn nobody is shown it; until then both stay stored.

What comes through TAXII in other forms of STIX is stored as it came; nobody can say beforehand what is in it. Accounts, tokens and the audit trail: [audit](audit.md).
Administrators may say whose a credential is (`person`, a pseudonym, kept as long as the credential's row); why an organisation [mutes](mute.md) something is free text,
kept until it is unmuted, or its end has passed and another is added; [kept answers](retries.md) hold ids, codes and sentences, for a day.
What [waits for an analyst](moderation.md) is kept as it was submitted until it is published, refused or withdrawn; of what was refused or withdrawn its id and the reason (free text) stay until it is erased.
What another instance logged and shares is kept as it was logged there, as long as what is submitted here; of each entry of its log that is not shown the hash, and of what was refused here its place and a code, are kept.
)";

void append(std::string& out, Kind const& kind, stix::rules::Property const& property) {
  auto const data = kinds::personal_data(kind, property);
  if (!data)
    throw std::logic_error("nobody has said what personal data `" + std::string(property.name) + "` of " +
                           std::string(kind.name) + " may hold");
  out += "| `" + std::string(property.name) + "` | " + std::string(kinds::name(*data)) + " | " +
         std::string(property.meaning) + " |\n";
}

bool is_shared(std::string_view property) {
  auto const in = [&](auto const& rows) {
    for (auto const& row : rows)
      if (row.name == property) return true;
    return false;
  };
  return property == "kind" || in(kinds::kSharedRows) || in(kinds::kIndicatorRows);
}

std::string readers(Kind const& kind) {
  std::string const floor(stix::name(kind.floor));
  if (kind.usual == stix::Tlp::red)
    return "the organisation that submitted it, and the audience that `markings` names, cleared for TLP:red, unless "
           "`tlp` says a lower level";
  if (kind.needs_audience)
    return "members of the audience that `markings` names, cleared for TLP:" + floor + " at least";
  if (kind.floor == stix::Tlp::green) return "all members cleared for TLP:green, unless it is marked more narrowly";
  return "members cleared for TLP:" + floor +
         ", and governments that it is releasable to, unless it is marked more narrowly";
}

std::string retention(Kind const& kind) {
  if (!kind.makes_indicator()) return "kept until it is erased";
  std::string key(kind.name);
  std::ranges::replace(key, '-', '_');
  return (kind.retention_days == 0 ? "kept until it is erased"
                                   : "kept for " + std::to_string(kind.retention_days) + " days after it ended") +
         std::string(" (`") + key + "_d`)";
}

constexpr std::string_view kTableHead = "\n| property | personal data | meaning |\n|---|---|---|\n";

std::string section(Kind const& kind) {
  std::string out = "\n## " + std::string(kind.name) + "\n\n" + std::string(kind.meaning) +
                    " Floor TLP:" + std::string(stix::name(kind.floor)) + "; read by " + readers(kind) + "; " +
                    retention(kind) + ".\n" + std::string(kTableHead);
  Rows rows;
  for (auto const& property : kinds::native_type(kind).shape.properties)
    if (!is_shared(property.name)) rows.emplace(property.name, &property);
  for (auto const& [name, property] : rows) append(out, kind, *property);
  return out;
}

std::string shared() {
  std::string out = "\n## Every kind\n" + std::string(kTableHead);
  Kind const& any = *kinds::kinds().front();
  for (auto const& property : kinds::kSharedRows) append(out, any, property);
  out += "\nIndicators besides:\n" + std::string(kTableHead);
  for (auto const& property : kinds::kIndicatorRows) append(out, any, property);
  return out;
}

}  // namespace

std::string data_inventory() {
  std::string out(kHead);
  out += shared();
  for (Kind const* kind : kinds::kinds()) out += section(*kind);
  return out;
}

}  // namespace tocsin::schemas
