// Measures how accounts use a model, request by request. Keeps digests of accounts and addresses, fingerprints of
// prompts, and none of them itself, in bounded memory (docs/profile-metrics.md). Owned by a command; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "clients/cpp/usage/distinct.hpp"
#include "clients/cpp/usage/figures.hpp"
#include "clients/cpp/usage/lock_step.hpp"
#include "clients/cpp/usage/median.hpp"
#include "clients/cpp/usage/pace.hpp"
#include "clients/cpp/usage/prompt_rules.hpp"
#include "clients/cpp/usage/prompt_sample.hpp"
#include "clients/cpp/usage/releases.hpp"
#include "clients/logs/access_record.hpp"

namespace tocsin::client {

class Meter {
 public:
  static constexpr std::uint64_t kLeastPrompts = 100;  // for shares of them

  // `rules` outlive it.
  Meter(PromptRules const& rules, std::vector<Release> releases)
      : rules_(rules), capabilities_(rules.capabilities().size()), pivots_(std::move(releases)) {}

  // A request of an account.
  void add(logs::AccessRecord const& request);

  // `window` has all requests that were added.
  [[nodiscard]] Figures figures(Window const& window) const;

 private:
  void add_prompt(std::uint64_t account, logs::AccessRecord const& request);
  void tell_rules(Figures& out) const;

  PromptRules const& rules_;
  Distinct accounts_, addresses_;
  std::uint64_t requests_ = 0, prompts_ = 0, reasoning_ = 0, decoys_ = 0;
  std::vector<std::uint64_t> capabilities_;  // prompts that ask for each, in the order of the rules
  Pace pace_;
  LockStep lock_step_;
  PromptSample sample_;
  Median output_;
  Pivots pivots_;
};

}  // namespace tocsin::client
