// What may follow what in a chain, and the log's part of a version. Pure; called inside the commit transaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "server/store/commit_store.hpp"

namespace tocsin::ledger {

// Do all readers of `narrow` also see `wide`? Both are class keys; access answers.
using Covers = std::function<bool(std::string_view wide, std::string_view narrow)>;

class Rules final : public store::CommitRules {
 public:
  // `origin`: this instance's name in the log.
  Rules(std::string origin, Covers covers) : origin_(std::move(origin)), covers_(std::move(covers)) {}

  // Errors in a refusal: version_conflict, chain_revoked, creator_changed, visibility_narrowed, visibility_widened.
  store::Verdict judge(store::Candidate const& candidate, store::ChainState const& chain) const override;
  store::Seal seal(store::SealInput const& input) const override;

 private:
  std::string origin_;
  Covers covers_;
};

}  // namespace tocsin::ledger
