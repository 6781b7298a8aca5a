#include "server/ledger/pending.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::ledger {
namespace {

// How many failures are remembered for who asks late.
constexpr std::size_t kFailures = 64;

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
  entries_.at(id).status.failed = result.error();
  if (++failed_ <= kFailures) return;
  entries_.erase(
      std::ranges::find_if(entries_, [](auto const& entry) { return entry.second.status.failed.has_value(); }));
  --failed_;
}

}  // namespace tocsin::ledger
