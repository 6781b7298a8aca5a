// The part of GroupCommit that stores what other instances logged.
#include <memory>
#include <set>
#include <utility>

#include "server/ledger/group_commit.hpp"

namespace tocsin::ledger {

// A job between the transactions of the others: the cursor moves with what is stored, and with nothing else.
void GroupCommit::deliver(store::Delivery delivery, DoneDelivery done) {
  auto held = std::make_shared<store::Delivery>(std::move(delivery));
  post([this, held, done = std::move(done)] { done(take(*held)); });
}

core::Result<std::vector<store::Fate>> GroupCommit::take(store::Delivery const& delivery) {
  if (auto room = room_to_write(); !room) return std::unexpected(room.error());
  auto outcome = commits_.deliver(delivery, rules_, clock_.now_us());
  if (!outcome) {
    failures_total_.add();
    log_.error("commit.failed", {{"code", core::row(outcome.error().code).code},
                                 {"objects", static_cast<std::int64_t>(delivery.objects.size())}});
    return std::unexpected(outcome.error());
  }
  for (std::int64_t sequence : outcome->touched_sequences) generations_.touch(sequence);
  std::set<store::RowId> collections;
  for (auto const& object : delivery.objects) collections.insert(object.collections.begin(), object.collections.end());
  for (store::RowId collection : collections) generations_.grow(collection);
  observer_(*outcome);
  commits_total_.add();
  objects_total_.add(delivery.objects.size());
  wait_for_clock(outcome->last_date_added_us);
  return std::move(outcome->fates.front());
}

}  // namespace tocsin::ledger
