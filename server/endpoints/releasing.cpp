#include "server/endpoints/releasing.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/admission/retraction.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

core::Error absent() { return {Code::not_found, "There is no such object.", "", ""}; }

core::Error stale() {
  return {Code::release_stale, "The object, or who would see it, has changed since the release was proposed.", "",
          "Propose the release of the newest version."};
}

core::Error one_person(std::string detail, std::string remedy) {
  return {Code::release_one_person, std::move(detail), "", std::move(remedy)};
}

store::Credential const* credential_in(access::Directory const& directory, store::RowId row) {
  auto const& all = directory.tables().credentials;
  auto const found = std::ranges::find(all, row, &store::Credential::row);
  return found == all.end() ? nullptr : &*found;
}

core::Result<void> check_reach(access::Directory const& directory, http::Request const& request,
                               store::StoredObject const& object) {
  auto const reached = [&](store::RowId row) { return reaches(directory, request, row); };
  auto const live = admission::live_in(object);
  if (!is_within(directory, request, object) || !is_shown(object, request.principal->organisation, view_of(request)))
    return std::unexpected(absent());
  if (live.empty())
    return core::fail(Code::not_found, "The object is published nowhere, so that nobody would see it.", "",
                      "Share it anew with the markings that it shall have.");
  if (std::ranges::all_of(live, reached)) return {};
  return core::fail(Code::forbidden, "Your credential does not reach every collection in which the object is.", "",
                    "Ask an administrator for a credential that does.");
}

std::optional<access::ClassFacts> facts_of(access::Directory const& directory, store::RowId class_row) {
  auto const& classes = directory.tables().classes;
  auto const known = std::ranges::find(classes, class_row, &store::ClassRow::row);
  return known == classes.end() ? std::nullopt : access::parse_class_key(known->key);
}

// Where it was published first: without a marking, that collection says who sees it, and always has.
store::Collection const& first_of(Releasable const& of) {
  return collection_of(*of.directory, of.object.publications.front().collection);
}

bool belongs_to(access::Directory const& directory, store::RowId organisation, access::AudienceAt const& at) {
  auto const& all = directory.tables().audiences;
  auto const found = std::ranges::find(all, at.group, &store::Audience::group);
  return found != all.end() && directory.belongs(organisation, *found);
}

// Whether a release to an audience is wider, and for whom it is new, tells who is in the audiences before. Who left one
// is not to learn that.
core::Result<void> check_left(access::Directory const& directory, access::ClassFacts const& before,
                              store::RowId organisation, admission::ReleaseTarget const& target) {
  auto const belongs = [&](auto const& at) { return belongs_to(directory, organisation, at); };
  if (std::holds_alternative<stix::Tlp>(target) || std::ranges::all_of(before.audiences, belongs)) return {};
  return core::fail(Code::unprocessable, "The object is for an audience to which your organisation belongs no more.",
                    "", "Share its content anew with the markings that it shall have.");
}

core::Result<Release> made(Context& context, http::Request const& request, Guarding const& guarding, Releasable of,
                           admission::ReleaseTarget target) {
  auto const organisation = request.principal->organisation;
  auto const now = context.clock.now_us();
  auto const before = facts_of(*of.directory, of.object.class_row);
  auto const stored = stix::parse_json(of.object.bytes);
  if (!before || !stored) return core::fail(Code::storage_failed, "What is stored of the object cannot be read.");
  if (auto good = check_left(*of.directory, *before, organisation, target); !good) return std::unexpected(good.error());
  auto const document = admission::released(*stored, target, *of.directory, organisation, now);
  if (!document) return std::unexpected(document.error());
  // What the checks warn of was shared all the same: that is not decided again.
  admission::Visit const visit{of.directory, &context.registry.statements(), organisation,     first_of(of),
                               now,          context.settings.identity,      &guarding.around, true,
                               true};
  auto candidate = context.door.admit_object(stix::canonical_json(*document), visit);
  if (!candidate) return std::unexpected(candidate.error().front());
  auto const after = access::parse_class_key(candidate->class_key);
  if (!after) return core::fail(Code::internal, "The class of the released version cannot be read.");
  if (auto good = admission::check_release(*of.directory, {*before, *after, candidate->kind}, target); !good)
    return std::unexpected(good.error());
  return Release{std::move(of), std::move(target), *std::move(candidate), *before, *after};
}

}  // namespace

core::Error no_proposal() { return {Code::not_found, "There is no such proposal.", "", ""}; }

core::Result<store::Credential const*> person_of(access::Directory const& directory, http::Request const& request) {
  auto const* credential = credential_in(directory, request.principal->credential);
  if (credential != nullptr && !credential->person.empty()) return credential;
  return std::unexpected(one_person("Your credential names no person, and a release takes two.",
                                    "Ask an administrator for one that does: `tocsind token add --person`."));
}

core::Result<void> check_second(access::Directory const& directory, http::Request const& request,
                                store::ReleaseProposal const& proposal) {
  auto const second = person_of(directory, request);
  if (!second) return std::unexpected(second.error());
  auto const* first = credential_in(directory, proposal.proposer);
  if (first == nullptr || first->person == (*second)->person)
    return std::unexpected(
        one_person("It is you who proposed this release.", "Another person of your organisation approves it."));
  if ((*second)->created_us < proposal.created_us) return {};
  return std::unexpected(one_person("Your credential is younger than the proposal.",
                                    "Somebody approves it whose credential was there before."));
}

core::Result<void> check_standing(access::Directory const& directory, store::ReleaseProposal const& proposal,
                                  std::int64_t now_us) {
  auto const lapsed = [](std::string detail) {
    return core::fail(Code::release_lapsed, std::move(detail), "", "Propose the release again.");
  };
  if (proposal.created_us + kReleaseLapsesUs <= now_us) return lapsed("The proposal is older than seven days.");
  auto const* first = credential_in(directory, proposal.proposer);
  auto const* session = first == nullptr ? nullptr : directory.session(first->token_id);
  bool const active = session != nullptr && !session->disabled && first->expires_us.value_or(now_us + 1) > now_us;
  if (active) return {};
  return lapsed("The credential of who proposed it has ended.");
}

Later<Releasable> releasable(Context& context, http::Request const& request, std::string type, core::Uuid uuid) {
  using Found = std::optional<store::StoredObject>;
  auto const organisation = request.principal->organisation;
  auto found = co_await context.bridge.run<Found>(organisation, [&](store::ReadStore& reader) -> core::Result<Found> {
    return reader.retractions().stored(organisation, type, uuid);
  });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return std::unexpected(absent());
  Releasable out{context.registry.current(), **std::move(found)};
  if (auto good = check_reach(*out.directory, request, out.object); !good) co_return std::unexpected(good.error());
  co_return out;
}

Later<Release> release_of(Context& context, http::Request const& request, Releasable of,
                          admission::ReleaseTarget target) {
  auto const held = guarding(context, request);
  if (!held) co_return std::unexpected(held.error());
  co_return co_await judge<Release>(context, request.principal->organisation,
                                    [&] { return made(context, request, *held, std::move(of), std::move(target)); });
}

Later<store::ReleaseProposal> proposal_named(Context& context, http::Request const& request, std::string_view id) {
  auto const uuid = core::parse_uuid(id);
  auto all = co_await context.bridge.run<std::vector<store::ReleaseProposal>>(
      request.principal->organisation,
      [&](store::ReadStore& reader) { return reader.releases().proposals(request.principal->organisation); });
  if (!all) co_return std::unexpected(all.error());
  for (auto& one : *all)
    if (uuid && one.id == *uuid) co_return std::move(one);
  co_return std::unexpected(no_proposal());
}

Later<Release> release_proposed(Context& context, http::Request const& request, Releasable of,
                                store::ReleaseProposal const& proposal) {
  if (of.object.version != proposal.version) co_return std::unexpected(stale());
  auto target = admission::parse_release_target(proposal.target, *of.directory, request.principal->organisation);
  if (!target) co_return std::unexpected(stale());
  auto release = co_await release_of(context, request, std::move(of), *std::move(target));
  if (release && release->candidate.class_key != proposal.class_key) co_return std::unexpected(stale());
  co_return release;
}

}  // namespace tocsin::endpoints
