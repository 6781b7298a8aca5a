// A STIX 2.1 pattern that can be evaluated (section 9): compiled once, then asked of observations as often as one
// likes. What is supported and how the standard is read: docs/patterns.md. A Pattern is immutable and cheap to copy;
// any thread. A Run belongs to one thread.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/counter.hpp"
#include "server/match/pattern/keys.hpp"
#include "server/match/pattern/observation.hpp"
#include "server/match/pattern/sweep.hpp"
#include "server/match/pattern/unsupported.hpp"
#include "server/match/pattern/verdict.hpp"

namespace tocsin::match::pattern {

struct Plan;

class Pattern {
 public:
  // stix::pattern::parse() reads the text. Unsupported says what RE2 or this evaluator has not.
  [[nodiscard]] static std::expected<Pattern, Unsupported> compile(stix::pattern::Pattern const& pattern);

  // Whether these observations match, in whatever order they are given. Work: what the tests take, and at most
  // Sweep::kMostSteps for each observation; beyond that, undecided.
  [[nodiscard]] Verdict matches(std::span<Observation const> observations) const;

  // Those of necessary_keys().
  [[nodiscard]] std::optional<std::vector<Key>> const& keys() const { return *keys_; }

 private:
  friend class Run;
  Pattern(Plan plan, std::optional<std::vector<Key>> keys);
  [[nodiscard]] bool matches_singly(Observation const& observation) const;

  std::shared_ptr<Plan const> plan_;
  std::shared_ptr<std::optional<std::vector<Key>> const> keys_;
};

// A pattern held against a stream of observations, for as long as none completes it. Holds of the past only what may
// still matter: nothing that a WITHIN no longer reaches.
class Run {
 public:
  explicit Run(Pattern pattern);

  // In the order of first(): after one that is earlier than the one before it, all is undecided for good. After yes it
  // says yes; a new Run begins anew. What is undecided because of too many ways can still become yes by another
  // alternative of OR.
  [[nodiscard]] Verdict take(Observation const& observation);

 private:
  [[nodiscard]] Verdict take_each(Observation const& observation, Occurrence const& occurrence);

  Pattern pattern_;
  std::vector<std::variant<Counter, Sweep>> alternatives_;
  std::int64_t now_;
  bool disordered_ = false;
  Verdict verdict_ = Verdict::no;
};

}  // namespace tocsin::match::pattern
