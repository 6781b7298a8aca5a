#include "server/endpoints/revising.hpp"

#include <map>
#include <string>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

core::Error changed_meanwhile() {
  return {core::Code::conflict, "The object was changed at the same moment, and nothing was taken back.", "",
          "Send the same request again."};
}

// A submission for each collection, in which all of it is.
std::vector<ledger::Submission> submissions_of(http::Request const& request,
                                               std::vector<admission::Revision> const& revisions,
                                               admission::Sender const& sender, std::string_view because) {
  std::map<store::RowId, ledger::Submission> by_collection;
  for (auto const& one : revisions)
    for (auto const row : one.deed.collections) by_collection[row].candidates.push_back(one.candidate);
  std::vector<ledger::Submission> out;
  for (auto& [row, submission] : by_collection) {
    submission.asserter = submission.record.organisation = sender.asserter;
    submission.collection = submission.record.collection = row;
    submission.by = actor_of(request);
    submission.record.id = core::time_ordered_uuid(sender.now_us);
    submission.record.requested_us = sender.now_us;
    submission.record.because = because;
    out.push_back(std::move(submission));
  }
  return out;
}

bool has_refusal(std::vector<ledger::Receipt> const& receipts) {
  for (auto const& receipt : receipts)
    for (auto const& fate : receipt.fates)
      if (fate.kind == store::Verdict::Kind::refuse) return true;
  return false;
}

}  // namespace

http::Awaitable<core::Result<Done>> store_revisions(Context& context, http::Request const& request,
                                                    admission::Sender const& sender,
                                                    std::vector<admission::Revision> const& revisions,
                                                    std::string_view because) {
  if (auto may = still_may(context, request); !may) co_return std::unexpected(may.error());
  auto const receipts = co_await commit_whole(context, submissions_of(request, revisions, sender, because));
  if (!receipts) co_return std::unexpected(receipts.error());
  if (has_refusal(*receipts)) co_return std::unexpected(changed_meanwhile());
  co_return Done{};
}

}  // namespace tocsin::endpoints
