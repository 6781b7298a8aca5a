#include "server/access/audience_administration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/names.hpp"

namespace tocsin::access {
namespace {

constexpr char const* kAudienceExtension = "extension-definition--43394b7b-7562-4b10-bd6a-4bccba96da7d";

std::unexpected<core::Error> refuse(std::string detail, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(detail), "", std::move(remedy));
}

// The marking-definition that objects name (STIX 2.1 section 7.2.1). Who belongs is not in it.
std::string definition_of(store::Audience const& audience) {
  nlohmann::json extension{{"extension_type", "property-extension"},
                           {"purpose", audience.releasable_to.empty() ? "audience" : "releasable"},
                           {"group", core::to_text(audience.group)}};
  if (!audience.releasable_to.empty()) extension["releasable_to"] = audience.releasable_to;
  return stix::canonical_json({{"type", "marking-definition"},
                               {"spec_version", "2.1"},
                               {"id", "marking-definition--" + core::to_text(audience.marking)},
                               {"created", stix::Timestamp::from_microseconds(audience.created_us).text()},
                               {"extensions", {{kAudienceExtension, std::move(extension)}}}});
}

// An audience is of organisations here, and of peers: what it is shown goes to a peer, who knows its own.
core::Result<void> can_belong(store::Organisation const& organisation) {
  if (!store::speaks_elsewhere(organisation)) return {};
  return core::fail(core::Code::conflict, organisation.name + " speaks at a peer, and is in no audience by itself.", "",
                    "Name the peer's organisation: `tocsind peer list` shows the peers.");
}

core::Result<std::vector<store::RowId>> rows_of(Directory const& directory, std::vector<std::string> const& names) {
  std::vector<store::RowId> rows;
  for (auto const& name : names) {
    auto const* organisation = directory.organisation(std::string_view(name));
    if (organisation == nullptr)
      return core::fail(core::Code::not_found, "There is no organisation" + in_quotes(name) + ".", "",
                        "`tocsind org list` shows them.");
    if (auto can = can_belong(*organisation); !can) return std::unexpected(can.error());
    rows.push_back(organisation->row);
  }
  std::ranges::sort(rows);
  auto repeated = std::ranges::unique(rows);
  rows.erase(repeated.begin(), repeated.end());
  return rows;
}

core::Result<void> check(NewAudience const& given) {
  if (!is_title(given.name))
    return refuse("The name holds other than letters, digits, dashes and spaces.", "Choose another name.");
  if (given.members.empty() == given.releasable_to.empty())
    return refuse("An audience is either a group of members or a list of authorities.",
                  "Give --member or --releasable-to, and not both.");
  for (auto const& code : given.releasable_to)
    if (!is_title(code))
      return refuse("The authority code" + in_quotes(code) + " holds other than letters, digits, dashes and spaces.",
                    "Write it as `tocsind org list` shows it.");
  return {};
}

}  // namespace

core::Result<store::Audience> AudienceAdministration::add(NewAudience const& given, std::int64_t now_us) {
  if (auto checked = check(given); !checked) return std::unexpected(checked.error());
  auto members = rows_of(*registry_.current(), given.members);
  if (!members) return std::unexpected(members.error());
  store::Audience audience;
  audience.marking = core::random_uuid();
  audience.group = core::random_uuid();
  audience.name = given.name;
  audience.releasable_to = given.releasable_to;
  std::ranges::sort(audience.releasable_to);
  audience.created_us = now_us;
  audience.definition = definition_of(audience);
  auto row = accounts_.add(audience, *members);
  if (!row) return std::unexpected(row.error());
  audience.row = *row;
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return audience;
}

core::Result<AudienceAdministration::Pair> AudienceAdministration::find(Directory const& directory,
                                                                        std::string const& audience,
                                                                        std::string const& organisation) {
  Pair pair{directory.audience(audience), directory.organisation(std::string_view(organisation))};
  if (pair.audience == nullptr)
    return core::fail(core::Code::not_found, "There is no audience" + in_quotes(audience) + ".", "",
                      "`tocsind audience list` shows them.");
  if (pair.organisation == nullptr)
    return core::fail(core::Code::not_found, "There is no organisation" + in_quotes(organisation) + ".", "",
                      "`tocsind org list` shows them.");
  if (!pair.audience->releasable_to.empty())
    return refuse("This audience is a list of authorities and has no members.",
                  "Make another one with --releasable-to for other authorities.");
  if (auto can = can_belong(*pair.organisation); !can) return std::unexpected(can.error());
  return pair;
}

core::Result<core::Uuid> AudienceAdministration::propose(std::string const& audience, std::string const& organisation,
                                                         store::RowId proposer, std::int64_t now_us) {
  auto directory = registry_.current();
  auto found = find(*directory, audience, organisation);
  if (!found) return std::unexpected(found.error());
  if (directory->belongs(found->organisation->row, *found->audience))
    return core::fail(core::Code::conflict, "The organisation belongs to the audience already.", "", "");
  store::AudienceProposal proposal{core::random_uuid(), found->audience->row, found->organisation->row, proposer,
                                   now_us};
  if (auto done = accounts_.propose(proposal); !done) return std::unexpected(done.error());
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return proposal.id;
}

core::Result<void> AudienceAdministration::approve(std::string const& proposal, store::RowId approver,
                                                   std::int64_t now_us) {
  auto directory = registry_.current();
  auto const& proposals = directory->tables().audience_proposals;
  auto id = core::parse_uuid(proposal);
  auto found = id ? std::ranges::find(proposals, *id, &store::AudienceProposal::id) : proposals.end();
  if (found == proposals.end() || now_us - found->created_us > kProposalUs)
    return core::fail(core::Code::not_found, "There is no such proposal, or it is older than 72 hours.", "",
                      "`tocsind audience list` shows them; propose it again.");
  if (approver == found->proposer)
    return core::fail(core::Code::forbidden, "Who proposed it cannot approve it.", "",
                      "Another administrator approves it, with a credential of his own.");
  auto const& credentials = directory->tables().credentials;
  auto credential = std::ranges::find(credentials, approver, &store::Credential::row);
  if (approver != 0 && (credential == credentials.end() || credential->created_us >= found->created_us))
    return core::fail(core::Code::forbidden, "The approving credential is younger than the proposal.", "",
                      "An administrator approves it whose credential was there before.");
  if (auto done = accounts_.approve(found->id); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<void> AudienceAdministration::remove(std::string const& audience, std::string const& organisation) {
  auto directory = registry_.current();
  auto found = find(*directory, audience, organisation);
  if (!found) return std::unexpected(found.error());
  if (auto done = accounts_.remove_member(found->audience->row, found->organisation->row); !done) return done;
  return registry_.reload(accounts_);
}

}  // namespace tocsin::access
