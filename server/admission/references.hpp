// What the objects of a submission refer to, held against who will see them. Only what their sender sees is consulted:
// of an object that is hidden from the sender is said what is said of one that does not exist. Pure; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/identifier.hpp"
#include "server/access/classify.hpp"
#include "server/store/rows.hpp"

namespace tocsin::admission {

// What is asked of the store for one object, and for one submission. Beyond that nothing is said of a reference.
inline constexpr std::size_t kMostAskedOfObject = 200, kMostAsked = 2'000;

// One object that refers to others. What the submission itself brings is held against it already.
struct Referring {
  std::size_t candidate = 0;  // or item
  bool holds = false;         // they are its content: a grouping, a report, a note, an opinion, observed data
  std::size_t members = 0;    // that it refers to
  std::size_t narrower = 0;   // of those of the submission: that some who see it do not see
  std::vector<stix::Identifier> asked{};  // of which the store is asked
};

// Takes questions until there are as many as may be.
class Questions {
 public:
  void ask(Referring& object, stix::Identifier const& id);

 private:
  std::set<stix::Identifier> asked_;
};

// `references`: of each candidate. Those that refer to nothing that has to be looked at are left out.
[[nodiscard]] std::vector<Referring> referring(std::span<store::Candidate const* const> candidates,
                                               std::span<std::vector<stix::Identifier> const> references);

// What the store is asked, each id once.
[[nodiscard]] std::vector<stix::Identifier> asked_of(std::span<Referring const> all);

// What the sender is shown under an id, of each asserter.
using Shown = std::map<stix::Identifier, std::vector<access::ClassFacts>>;

// reference_unseen: what it refers to that the sender does not see.
[[nodiscard]] std::optional<core::Error> unseen_finding(Referring const& object, Shown const& shown);

// marking_below_member for a container: a warning. reference_unseen for others, and for what the sender does not see: a
// note, which refuses nothing.
[[nodiscard]] std::vector<core::Error> reference_findings(Referring const& object, store::Candidate const& candidate,
                                                          Shown const& shown);

// Adds what a sender is told of a candidate that is taken all the same.
void note(store::Candidate& candidate, core::Error const& finding, bool overridden);

}  // namespace tocsin::admission
