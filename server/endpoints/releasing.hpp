// What a release would show, to whom, and whether it may be proposed or approved by who asks. Any coroutine of a
// session.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "server/admission/release.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// How long a proposal can be approved.
inline constexpr std::int64_t kReleaseLapsesUs = std::int64_t{7} * 24 * 3'600 * 1'000'000;

// An object of the caller's organisation that the credential is shown and reaches in every collection where it is.
struct Releasable {
  std::shared_ptr<access::Directory const> directory;
  store::StoredObject object;
};

// The version that a release would make, and who would see it.
struct Release {
  Releasable of;
  admission::ReleaseTarget target;
  store::Candidate candidate;
  access::ClassFacts before, after;
};

// The credential that asks. Error release_one_person: it names no person.
[[nodiscard]] core::Result<store::Credential const*> person_of(access::Directory const& directory,
                                                               http::Request const& request);

// Whether the caller is another person than the proposer, and was that before the proposal. Error release_one_person.
[[nodiscard]] core::Result<void> check_second(access::Directory const& directory, http::Request const& request,
                                              store::ReleaseProposal const& proposal);

// Whether the proposal is young enough, and its proposer might make it now. Error release_lapsed.
[[nodiscard]] core::Result<void> check_standing(access::Directory const& directory,
                                                store::ReleaseProposal const& proposal, std::int64_t now_us);

// Errors: not_found, whether it is not there, another's or not shown to the credential, and when it is published
// nowhere; forbidden when the credential does not reach all collections where it is.
[[nodiscard]] http::Awaitable<core::Result<Releasable>> releasable(Context& context, http::Request const& request,
                                                                   std::string type, core::Uuid uuid);

// Errors: those of admission::released, of the door and of admission::check_release; unprocessable when it is to an
// audience and the organisation has left one that the object is for.
[[nodiscard]] http::Awaitable<core::Result<Release>> release_of(Context& context, http::Request const& request,
                                                                Releasable of, admission::ReleaseTarget target);

[[nodiscard]] core::Error no_proposal();

// A proposal of the caller's organisation. Error not_found: no_proposal().
[[nodiscard]] http::Awaitable<core::Result<store::ReleaseProposal>> proposal_named(Context& context,
                                                                                   http::Request const& request,
                                                                                   std::string_view id);

// The release that a proposal is of. Error release_stale besides: it is not of the newest version, or would not have
// the class any more that was agreed to.
[[nodiscard]] http::Awaitable<core::Result<Release>> release_proposed(Context& context, http::Request const& request,
                                                                      Releasable of,
                                                                      store::ReleaseProposal const& proposal);

}  // namespace tocsin::endpoints
