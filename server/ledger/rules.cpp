#include "server/ledger/rules.hpp"

#include <utility>

#include "schema/log/commitment.hpp"

namespace tocsin::ledger {
namespace {

store::Verdict refuse(core::Code code, std::string detail, std::string pointer, std::string remedy) {
  return {store::Verdict::Kind::refuse, {code, std::move(detail), std::move(pointer), std::move(remedy)}};
}

store::Verdict judge_same(store::Candidate const& candidate, store::ChainState::Version const& same,
                          std::string const& as_before) {
  if (same.digest == candidate.digest) return {store::Verdict::Kind::unchanged, {}};
  if (candidate.unversioned)
    return refuse(core::Code::version_conflict,
                  "Your organisation has stored an object with this id and other content.", "/id",
                  "Objects without `modified` have no versions: give the new content a new id." + as_before);
  return refuse(core::Code::version_conflict, "Your organisation has stored this version with other content.",
                "/modified", "A changed object needs a later `modified`." + as_before);
}

// Who may read what another instance logged is decided there. What it showed to other readers before a later version is
// shown to nobody again, and what comes late of that is not taken.
store::Verdict judge_foreign(store::Candidate const& candidate, store::ChainState::Version const& newest) {
  if (candidate.modified_ns > newest.modified_ns) return {store::Verdict::Kind::store, {}, true};
  return refuse(core::Code::version_conflict, "A later version is shown to other readers.", "/modified",
                "Publish a later version.");
}

}  // namespace

// What else may mend a difference that only --as-member makes. It speaks of the caller's own chain.
std::string Rules::submit_as_before(store::Candidate const& candidate, store::ChainState::Version const& before) const {
  if (before.creator == candidate.creator) return "";
  if (before.creator == identity_) return " What is stored was submitted with --as-member: submit this one so too.";
  if (candidate.creator == identity_)
    return " What is stored was submitted without --as-member: submit this one so too.";
  return "";
}

store::Verdict Rules::judge(store::Candidate const& candidate, store::ChainState const& chain) const {
  if (chain.same) return judge_same(candidate, *chain.same, submit_as_before(candidate, *chain.same));
  if (!chain.newest) return {};
  store::ChainState::Version const& newest = *chain.newest;
  if (newest.revoked && candidate.modified_ns > newest.modified_ns)
    return refuse(core::Code::chain_revoked, "The object was revoked, which is final.", "/id",
                  "Publish a new object and relate it to this one with `derived-from`.");
  if (candidate.revoked && candidate.modified_ns < newest.modified_ns)
    return refuse(core::Code::version_conflict,
                  "A later version is not revoked, and revocation is the end of an object.", "/modified",
                  "Revoke with a `modified` later than that of every version.");
  if (newest.creator != candidate.creator)
    return refuse(core::Code::creator_changed, "Earlier versions name another creator.", "/created_by_ref",
                  "Keep `created_by_ref`, or publish a new object." + submit_as_before(candidate, newest));
  if (candidate.release) {
    if (candidate.release->version == newest.row) return {};
    return refuse(core::Code::release_stale, "The object was changed since its release was proposed.", "",
                  "Propose the release of the newest version.");
  }
  if (newest.class_key == candidate.class_key || equal_but_for_epochs_(newest.class_key, candidate.class_key) ||
      equal_but_for_epochs_(newest.class_key, candidate.class_key_in_chain))
    return {};
  if (candidate.foreign) return judge_foreign(candidate, newest);
  if (covers_(newest.class_key, candidate.class_key))
    return refuse(
        core::Code::visibility_narrowed, "Readers of the versions before would not see this one.",
        "/object_marking_refs",
        "Give it the markings of the newest version; or revoke the object with those, and publish the content as a "
        "new one.");
  return refuse(core::Code::visibility_widened,
                "The markings show this version to readers who may not see the ones before it.", "/object_marking_refs",
                "Release the object: two people of your organisation do, with `tocsin release`.");
}

store::Seal Rules::seal(store::SealInput const& input) const {
  log::Header header{origin_, input.class_token, input.class_sequence, input.control_size, input.op};
  std::string text = header.text();
  core::Digest header_commitment = log::commit_header(input.header_salt, text);
  log::Entry entry = log::entry(header_commitment, input.body_commitment);
  return {std::move(text), entry, log::leaf(entry)};
}

}  // namespace tocsin::ledger
