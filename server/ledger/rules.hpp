// What may follow what in a chain, and the log's part of a version. Pure; called inside the commit transaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "server/store/commit_store.hpp"

namespace tocsin::ledger {

// Do all readers of `narrow` also see `wide`? Both are class keys; access answers.
using Covers = std::function<bool(std::string_view wide, std::string_view narrow)>;
// Are two class keys equal but for the epochs of their audiences?
using EqualButForEpochs = std::function<bool(std::string_view a, std::string_view b)>;

// Who is told of what is about to be committed, and that it was not: store::CommitRules.
struct Announcing {
  std::function<void(store::CommitOutcome const& outcome)> commits = [](store::CommitOutcome const&) {};
  std::function<void()> undone = [] {};
};

class Rules final : public store::CommitRules {
 public:
  // `origin`: this instance's name in the log. `identity`: whom an object names as its creator that was submitted
  // without naming its submitter.
  Rules(std::string origin, std::string identity, Covers covers, EqualButForEpochs equal_but_for_epochs,
        Announcing announcing = {})
      : origin_(std::move(origin)),
        identity_(std::move(identity)),
        covers_(std::move(covers)),
        equal_but_for_epochs_(std::move(equal_but_for_epochs)),
        announcing_(std::move(announcing)) {}

  // Errors in a refusal: version_conflict, chain_revoked, creator_changed, visibility_narrowed, visibility_widened,
  // release_stale. Whether a release shows the object to more readers, and to all who saw it, is for who approves it;
  // what another instance logged, for who decided it there.
  store::Verdict judge(store::Candidate const& candidate, store::ChainState const& chain) const override;
  store::Seal seal(store::SealInput const& input) const override;
  void commits(store::CommitOutcome const& outcome) const override { announcing_.commits(outcome); }
  void undone() const override { announcing_.undone(); }

 private:
  [[nodiscard]] std::string submit_as_before(store::Candidate const& candidate,
                                             store::ChainState::Version const& before) const;

  std::string origin_, identity_;
  Covers covers_;
  EqualButForEpochs equal_but_for_epochs_;
  Announcing announcing_;
};

}  // namespace tocsin::ledger
