// The part of GroupCommit that stores submissions whole or not at all.
#include <algorithm>
#include <memory>
#include <utility>

#include "server/ledger/group_commit.hpp"

namespace tocsin::ledger {

// A job between the transactions of the others: a refusal undoes its transaction, and must undo nobody else's.
void GroupCommit::submit_whole(std::vector<Submission> submissions, DoneWhole done) {
  auto held = std::make_shared<std::vector<Submission>>(std::move(submissions));
  post([this, held, done = std::move(done)] {
    auto result = commit_whole(*held);
    held->clear();  // and what their answers hold, before anybody is answered
    done(std::move(result));
  });
}

core::Result<std::vector<Receipt>> GroupCommit::commit_whole(std::vector<Submission>& submissions) {
  if (auto room = room_to_write(); !room) return std::unexpected(room.error());
  std::vector<store::CommitPart> parts;
  for (auto& one : submissions)
    parts.push_back({one.collection, one.candidates, &one.record, true, one.by, true, one.answering, one.moderated});
  auto outcome = commits_.commit(parts, rules_, clock_.now_us());
  if (!outcome) {
    failures_total_.add();
    log_.error("commit.failed", {{"code", core::row(outcome.error().code).code},
                                 {"submissions", static_cast<std::int64_t>(submissions.size())}});
    return std::unexpected(outcome.error());
  }
  bool const stored = outcome->last_date_added_us != 0;
  if (stored) {
    for (std::int64_t sequence : outcome->touched_sequences) generations_.touch(sequence);
    for (auto const& one : submissions) generations_.grow(one.collection);
    observer_(*outcome);
    commits_total_.add();
  }
  std::vector<Receipt> out;
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    objects_total_.add(outcome->fates[i].size());
    out.push_back(
        {std::move(submissions[i].candidates), std::move(outcome->fates[i]), std::move(submissions[i].record)});
  }
  if (stored) wait_for_clock(outcome->last_date_added_us);
  return out;
}

}  // namespace tocsin::ledger
