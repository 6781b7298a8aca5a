#include "server/ledger/pending.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::ledger {
namespace {

// Of how many objects failures are remembered for who asks late; one failure is, whatever its length.
constexpr std::size_t kFailedObjects = 100'000;

}  // namespace

void PendingSubmissions::submit(GroupCommit& ledger, Submission submission) {
  auto objects = std::make_shared<std::vector<Object>>();
  objects->reserve(submission.candidates.size());
  for (store::Candidate const& candidate : submission.candidates)
    objects->push_back({candidate.type + "--" + core::to_text(candidate.uuid), candidate.version_text});
  core::Uuid id = submission.record.id;
  Entry entry{submission.record.organisation,
              {submission.record.requested_us, std::move(objects), submission.record.refused, std::nullopt}};
  {
    std::lock_guard lock(mutex_);
    entries_.emplace(id, std::move(entry));
  }
  ledger.submit(std::move(submission), [this, id](core::Result<Receipt> const& result) { finish(id, result); });
}

std::optional<PendingSubmissions::Status> PendingSubmissions::find(core::Uuid const& id,
                                                                   store::RowId organisation) const {
  std::lock_guard lock(mutex_);
  auto found = entries_.find(id);
  if (found == entries_.end() || found->second.organisation != organisation) return std::nullopt;
  return found->second.status;
}

void PendingSubmissions::finish(core::Uuid const& id, core::Result<Receipt> const& result) {
  std::lock_guard lock(mutex_);
  if (result) {
    entries_.erase(id);
    return;
  }
  Status& status = entries_.at(id).status;
  status.failed = result.error();
  failed_objects_ += status.objects->size();
  forget_failures();
}

// The oldest first, as far as needed. Under mutex_.
void PendingSubmissions::forget_failures() {
  auto has_failed = [](auto const& entry) { return entry.second.status.failed.has_value(); };
  while (failed_objects_ > kFailedObjects) {
    auto oldest = std::ranges::find_if(entries_, has_failed);
    if (std::ranges::count_if(entries_, has_failed) < 2) return;
    failed_objects_ -= oldest->second.status.objects->size();
    entries_.erase(oldest);
  }
}

std::optional<core::Error> PendingSubmissions::take_failed(core::Uuid const& id) {
  std::lock_guard lock(mutex_);
  auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.status.failed) return std::nullopt;
  auto failed = std::move(found->second.status.failed);
  failed_objects_ -= found->second.status.objects->size();
  entries_.erase(found);
  return failed;
}

}  // namespace tocsin::ledger
