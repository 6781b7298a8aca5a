// Submissions that wait for an analyst: the part of Commits that keeps them apart, and publishes them.
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

core::Error ended() {
  return {core::Code::not_found, "It was published, refused or withdrawn at the same moment.", "",
          "`tocsin moderate list` shows what waits."};
}

core::Error without_definition() {
  return {core::Code::reference_unknown,
          "A statement that it is marked with is not stored: it waits too, or was refused.", "",
          "Publish the marking-definition first; or refuse both."};
}

// An older version beside a newer one, or after the end of the object, is nothing that anybody means to say any more:
// its organisation said something else while it waited. Stored, it would take the claim from what was said later.
std::optional<core::Error> overtaken(Candidate const& candidate, ChainState const& chain) {
  if (!chain.newest || candidate.modified_ns >= chain.newest->modified_ns) return std::nullopt;
  if (chain.newest->revoked) return core::Error{core::Code::chain_revoked, "The object was revoked since.", "", ""};
  return core::Error{core::Code::version_outdated, "A later version was stored since.", "", ""};
}

bool is_beside_another(Candidate const& candidate) {
  return candidate.claim && candidate.claim->role != ClaimPart::Role::indicator;
}

}  // namespace

// What tells nobody anything new does not wait: a revocation of what is published here, and what is published here
// already. All else is judged as if it were stored now, and again when it is: what was stored for the readers of
// another collection, or of a version before, was looked at by no analyst for those of this one.
Fate Commits::hold(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome) {
  RowId const type = name_row(candidate.type);  // by which an erasure finds what waits, too
  if (is_beside_another(candidate))
    if (auto fate = waiting_.keep_beside(collection, candidate)) return *std::move(fate);
  ChainState const state = chain(candidate, type);
  if (candidate.revoked && publications_.is_published({collection, candidate.asserter, {candidate.uuid, type}}))
    return settle({&collection, 1}, candidate, rules, outcome);
  Verdict verdict = rules.judge(candidate, state);
  if (verdict.kind == Verdict::Kind::refuse) return {.error = std::move(verdict.error)};
  if (verdict.kind == Verdict::Kind::unchanged &&
      (is_released_since(verdict, state) || publications_.is_published(state.same->row, collection)))
    return settle({&collection, 1}, candidate, rules, outcome);
  return waiting_.keep(collection, candidate, now_us_);
}

// Of several objects the first one ends the waiting of all: they are stored whole. One whose statement is not stored
// would be shown to nobody, and so would all its versions.
Fate Commits::publish(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome) {
  if (!has_relied_statements(candidate)) return {.error = without_definition()};
  if (auto late = overtaken(candidate, chain(candidate, name_row(candidate.type)))) return {.error = *std::move(late)};
  Fate fate = settle({&collection, 1}, candidate, rules, outcome);
  if (fate.kind == Verdict::Kind::refuse || waiting_.publish(candidate, fate.version, now_us_)) return fate;
  return {.error = ended()};
}

}  // namespace tocsin::store::sqlite
