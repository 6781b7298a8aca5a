// Submissions that wait for an analyst: the part of Commits that keeps them apart, and publishes them.
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

core::Error ended() {
  return {core::Code::not_found, "It was published, refused or withdrawn at the same moment.", "",
          "`tocsin moderate list` shows what waits."};
}

bool is_beside_another(Candidate const& candidate) {
  return candidate.claim && candidate.claim->role != ClaimPart::Role::indicator;
}

}  // namespace

// What tells nobody anything new does not wait: a revocation of what was stored, and what is published here already.
// All else is judged as if it were stored now, and again when it is.
Fate Commits::hold(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome) {
  if (is_beside_another(candidate))
    if (auto fate = waiting_.keep_beside(collection, candidate)) return *std::move(fate);
  RowId const type = name_row(candidate.type);
  ChainState const state = chain(candidate, type);
  if (candidate.revoked && state.newest) return settle(collection, candidate, rules, outcome);
  Verdict verdict = rules.judge(candidate, state);
  if (verdict.kind == Verdict::Kind::refuse) return {.error = std::move(verdict.error)};
  bool const here = publications_.is_published({collection, candidate.asserter, {candidate.uuid, type}});
  if (verdict.kind == Verdict::Kind::unchanged && here) return settle(collection, candidate, rules, outcome);
  return waiting_.keep(collection, candidate, now_us_);
}

// Of several objects the first one ends the waiting of all: they are stored whole.
Fate Commits::publish(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome) {
  Fate fate = settle(collection, candidate, rules, outcome);
  if (fate.kind == Verdict::Kind::refuse || waiting_.publish(*candidate.waiting, fate.version, now_us_)) return fate;
  return {.error = ended()};
}

}  // namespace tocsin::store::sqlite
