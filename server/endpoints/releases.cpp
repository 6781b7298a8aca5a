#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "server/admission/retraction.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/release_answer.hpp"
#include "server/endpoints/releasing.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using store::ReleaseProposal;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

// {"to"}
Later<std::string> target_asked(http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto to = members->text("to");
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  co_return to;
}

Later<Release> release_asked(Context& context, http::Request const& request, std::string const& to) {
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  if (!id) co_return core::fail(core::Code::not_found, "There is no such object.");
  auto of = co_await releasable(context, request, std::string(id->type()), id->uuid());
  if (!of) co_return std::unexpected(of.error());
  auto target = admission::parse_release_target(to, *of->directory, request.principal->organisation);
  if (!target) co_return std::unexpected(target.error());
  co_return co_await release_of(context, request, *std::move(of), *std::move(target));
}

Later<json> told(Context& context, http::Request const& request, Release const& release, json document) {
  auto const organisation = request.principal->organisation;
  co_return co_await context.bridge.run<json>(organisation, [&](store::ReadStore& reader) -> core::Result<json> {
    auto more = consequences(reader, release, view_of(request), organisation);
    if (more) document.update(*more);
    return more ? core::Result<json>(std::in_place, document) : more;
  });
}

// A submission for each collection in which the object is.
std::vector<ledger::Submission> submissions_of(http::Request const& request, Release const& release,
                                               std::int64_t now_us) {
  std::vector<ledger::Submission> out;
  for (auto const row : admission::live_in(release.of.object)) {
    ledger::Submission one{request.principal->organisation, row, {release.candidate}, {}, actor_of(request)};
    one.record.id = core::time_ordered_uuid(now_us);
    one.record.organisation = request.principal->organisation;
    one.record.collection = row;
    one.record.requested_us = now_us;
    out.push_back(std::move(one));
  }
  return out;
}

// One transaction: the version, the end of those before, and of the proposal.
Later<std::monostate> carry_out(Context& context, http::Request const& request, Release const& release) {
  if (auto may = still_may(context, request); !may) co_return std::unexpected(may.error());
  auto const receipts = co_await commit_whole(context, submissions_of(request, release, context.clock.now_us()));
  if (!receipts) co_return std::unexpected(receipts.error());
  bool stored = false;
  for (auto const& receipt : *receipts)
    for (auto const& fate : receipt.fates) {
      if (fate.kind == store::Verdict::Kind::refuse) co_return std::unexpected(fate.error);
      stored = stored || fate.kind == store::Verdict::Kind::store;
    }
  // The very same version, made by another approval in the same millisecond, is there already.
  if (!stored) co_return std::unexpected(no_proposal());
  co_return std::monostate{};
}

// A proposal that the caller may know of. Error not_found: there is none, or the credential is not shown its object or
// does not reach every collection in which that is.
struct Known {
  ReleaseProposal proposal;
  Releasable of;
};
Later<Known> known(Context& context, http::Request const& request) {
  auto proposal = co_await proposal_named(context, request, request.parameters.at(0));
  if (!proposal) co_return std::unexpected(proposal.error());
  auto of = co_await releasable(context, request, proposal->type, proposal->uuid);
  if (of) co_return Known{*std::move(proposal), *std::move(of)};
  auto const code = of.error().code;
  bool const unknown = code == core::Code::not_found || code == core::Code::forbidden;
  co_return std::unexpected(unknown ? no_proposal() : of.error());
}

Later<Release> approvable(Context& context, http::Request const& request, Known known) {
  auto const& directory = *known.of.directory;
  if (auto second = check_second(directory, request, known.proposal); !second)
    co_return std::unexpected(second.error());
  if (auto standing = check_standing(directory, known.proposal, context.clock.now_us()); !standing)
    co_return std::unexpected(standing.error());
  co_return co_await release_proposed(context, request, std::move(known.of), known.proposal);
}

std::string_view state_of(core::Result<void> const& standing, bool newest) {
  if (!standing) return core::row(standing.error().code).code;
  return newest ? "open" : core::row(core::Code::release_stale).code;
}

}  // namespace

// One person's half of a release: schema/openapi.yaml, proposeRelease.
Answer propose_release(Context& context, http::Request& request) {
  auto const to = co_await target_asked(request);
  if (!to) co_return error_answer(request, to.error());
  auto release = co_await release_asked(context, request, *to);
  if (!release) co_return error_answer(request, release.error());
  auto const proposer = person_of(*release->of.directory, request);
  if (!proposer) co_return error_answer(request, proposer.error());
  auto const now = context.clock.now_us();
  ReleaseProposal const proposal{core::random_uuid(),
                                 request.principal->organisation,
                                 release->of.object.version,
                                 (*proposer)->row,
                                 admission::text_of(release->target),
                                 release->candidate.class_key,
                                 now,
                                 release->candidate.type,
                                 release->candidate.uuid};
  auto const answer =
      co_await told(context, request, *release, proposal_json(*release->of.directory, proposal, "open"));
  if (!answer) co_return error_answer(request, answer.error());
  auto const done = co_await change<Done>(
      context, request, without_value([&] { return context.releases.propose(proposal, now - kReleaseLapsesUs); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(202, *answer);
}

// Those of objects that the caller is shown and reaches.
Answer list_releases(Context& context, http::Request& request) {
  auto const organisation = request.principal->organisation;
  auto const proposals = co_await context.bridge.run<std::vector<ReleaseProposal>>(
      organisation, [&](store::ReadStore& reader) { return reader.releases().proposals(organisation); });
  if (!proposals) co_return error_answer(request, proposals.error());
  json list = json::array();
  for (auto const& one : *proposals) {
    auto const of = co_await releasable(context, request, one.type, one.uuid);
    if (!of) continue;
    auto const standing = check_standing(*of->directory, one, context.clock.now_us());
    list.push_back(proposal_json(*of->directory, one, state_of(standing, of->object.version == one.version)));
  }
  co_return json_answer(200, {{"releases", std::move(list)}});
}

// What the second person is to know: as the first was told, and as it is now.
Answer show_release(Context& context, http::Request& request) {
  auto found = co_await known(context, request);
  if (!found) co_return error_answer(request, found.error());
  auto const directory = found->of.directory;
  auto const standing = check_standing(*directory, found->proposal, context.clock.now_us());
  auto const release = co_await release_proposed(context, request, std::move(found->of), found->proposal);
  if (!standing || !release) {
    auto const code = standing ? release.error().code : standing.error().code;
    co_return json_answer(200, proposal_json(*directory, found->proposal, core::row(code).code));
  }
  auto const answer = co_await told(context, request, *release, proposal_json(*directory, found->proposal, "open"));
  if (!answer) co_return error_answer(request, answer.error());
  co_return json_answer(200, *answer);
}

// The other person's half: schema/openapi.yaml, approveRelease.
Answer approve_release(Context& context, http::Request& request) {
  auto const found = co_await known(context, request);
  if (!found) co_return error_answer(request, found.error());
  auto const& proposal = found->proposal;
  auto release = co_await approvable(context, request, *found);
  if (!release) co_return error_answer(request, release.error());
  auto const directory = release->of.directory;
  auto const first = std::ranges::find(directory->tables().credentials, proposal.proposer, &store::Credential::row);
  release->candidate.release =
      store::Candidate::Release{proposal.id, proposal.version, first->token_id, admission::live_in(release->of.object)};
  auto const done = co_await carry_out(context, request, *release);
  if (!done) co_return error_answer(request, done.error());
  json collections = json::array();
  for (auto const row : admission::live_in(release->of.object))
    collections.push_back(collection_of(*directory, row).id);
  co_return json_answer(200, {{"proposal", core::to_text(proposal.id)},
                              {"object", stix::Identifier::make(proposal.type, proposal.uuid).text()},
                              {"version", release->candidate.version_text},
                              {"collections", std::move(collections)}});
}

// Either person, or a third, takes a proposal away; whoever is shown the object may.
Answer refuse_release(Context& context, http::Request& request) {
  auto const found = co_await known(context, request);
  if (!found) co_return error_answer(request, found.error());
  auto const done = co_await change<Done>(
      context, request,
      without_value([&] { return context.releases.refuse(found->proposal.id, request.principal->organisation); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"proposal", core::to_text(found->proposal.id)}, {"refused", true}});
}

}  // namespace tocsin::endpoints
