// What members and operators do with a store, at random and again for the same seed. Owned by a test; one thread.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/store/faulty_world.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::test {

class RandomDeeds {
 public:
  explicit RandomDeeds(Random& random) : random_(random) {}

  // One of: submissions that wait together, a withdrawal, a change of accounts, what another instance logged, a
  // checkpoint, a reader that stays.
  void act(FaultyWorld& world);
  // What any sound store takes: one new object.
  [[nodiscard]] std::vector<ledger::Submission> one_object();

 private:
  ledger::Submission submission(std::size_t objects);
  store::Candidate candidate(store::RowId asserter);
  store::Candidate fresh(store::RowId asserter);
  store::Candidate another(store::Candidate const& earlier);
  void finish(store::Candidate& candidate);
  void withdraw(FaultyWorld& world);
  void change_account(FaultyWorld& world);
  void follow(FaultyWorld& world);
  core::Uuid uuid();
  kinds::Searchable searchable();

  Random& random_;
  std::vector<store::Candidate> known_;  // candidates of earlier submissions, stored or not
  std::vector<core::Uuid> statements_;   // markings that some of them define
  std::vector<std::string> tokens_;      // credentials that were not revoked
  OtherLog other_;
  std::vector<store::ForeignObject> logged_;   // there
  std::int64_t next_modified_ns_ = 1'000'000;  // of the next version
};

}  // namespace tocsin::test
