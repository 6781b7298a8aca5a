// Submissions that were answered before they were stored, until they are. Only in memory: what a crash interrupts is
// unknown afterwards, and sending it again stores what is missing. Owned by app, outlives the group commit; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/ledger/group_commit.hpp"
#include "server/store/rows.hpp"

namespace tocsin::ledger {

class PendingSubmissions {
 public:
  struct Object {
    std::string id, version;  // version: empty, when the object has none
  };
  struct Status {
    std::int64_t requested_us = 0;
    std::shared_ptr<std::vector<Object> const> objects;     // that admission let in
    std::vector<store::SubmissionRecord::Refusal> refused;  // those it did not
    std::optional<core::Error> failed;                      // why `objects` were not all stored
  };

  // Hands the submission to the group commit and answers for it from now on.
  void submit(GroupCommit& ledger, Submission submission);

  // Why a submission failed already, and forgets it: who is told at once never asks. nullopt: it did not.
  [[nodiscard]] std::optional<core::Error> take_failed(core::Uuid const& id);

  // Only for the organisation that submitted. nullopt: it is in the store, or there is none.
  [[nodiscard]] std::optional<Status> find(core::Uuid const& id, store::RowId organisation) const;

 private:
  struct Entry {
    store::RowId organisation = 0;
    Status status;
  };
  void finish(core::Uuid const& id, core::Result<Receipt> const& result);
  void forget_failures();

  mutable std::mutex mutex_;
  std::map<core::Uuid, Entry> entries_;  // ids are time-ordered to the millisecond: the first is among the oldest
  std::size_t failed_objects_ = 0;       // of all that failed
};

}  // namespace tocsin::ledger
