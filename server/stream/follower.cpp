#include "server/stream/follower.hpp"

#include <algorithm>
#include <utility>

#include "server/stream/events.hpp"

namespace tocsin::stream {

namespace asio = boost::asio;
using Text = core::Result<std::string>;

Follower::Follower(Workshop const& workshop, Wanted wanted, access::Authenticated who, Permits permits,
                   asio::any_io_executor const& executor)
    : workshop_(workshop),
      wanted_(std::move(wanted)),
      permits_(std::move(permits)),
      who_(std::move(who)),
      directory_(workshop.registry.current()),
      ear_(workshop.bell, executor),
      after_(wanted_.after),
      silent_since_(Clock::now()) {
  resolve_collections();
}

void Follower::stop() {
  stopped_ = true;
  ear_.wake();
}

void Follower::resolve_collections() {
  collections_.clear();
  auto add = [&](std::string const& id) {
    auto const* found = directory_->collection(id, *who_.view);
    if (found == nullptr) return;
    bool known = std::ranges::find(collections_, found->row, &BatchQuery::Collection::row) != collections_.end();
    if (!known) collections_.push_back({found->row, found->id});
  };
  if (wanted_.collections.empty())
    for (auto const& collection : directory_->tables().collections) add(collection.id);
  for (auto const& id : wanted_.collections) add(id);
}

bool Follower::stands() {
  auto directory = workshop_.registry.current();
  auto who = permits_.authenticate(*directory);
  if (!who) {
    refusal_ = who.error();
    return false;
  }
  bool same = who->view->fingerprint == who_.view->fingerprint;
  bool resolve = directory != directory_;
  who_ = *std::move(who);
  directory_ = std::move(directory);
  if (resolve) {
    auto before = std::exchange(collections_, {});
    resolve_collections();
    same = same &&
           std::ranges::equal(before, collections_, {}, &BatchQuery::Collection::row, &BatchQuery::Collection::row);
  }
  if (!same) told_.clear();
  unread_ = unread_ || !same;
  return same;
}

std::uint64_t Follower::growth() const {
  std::uint64_t sum = 0;
  for (auto const& collection : collections_) sum += workshop_.generations.growth(collection.row);
  return sum;
}

BatchQuery Follower::query() const {
  return {collections_,
          wanted_.filters.types,
          who_.view,
          directory_,
          workshop_.ranges.of(who_.principal->organisation),
          after_,
          workshop_.mutes.of(who_.principal->organisation),
          workshop_.clock.now_us()};
}

asio::awaitable<core::Result<void>> Follower::record(BatchQuery const& query, Batch const& batch) {
  for (Shown const& shown : batch.shown) {
    auto const& collection = query.collections[shown.collection];
    auto told = told_.find(collection.row);
    ledger::ReadNote note{who_.principal->credential,
                          who_.principal->organisation_name,
                          who_.principal->credential_id,
                          directory_->epoch(),
                          collection.id,
                          "stream",
                          wanted_.filters.text,
                          told != told_.end() ? told->second : query.after,
                          shown.first,
                          shown.last,
                          shown.objects};
    auto recorded = co_await permits_.record(note, who_);
    if (!recorded) co_return recorded;
    told_[collection.row] = shown.last;
  }
  co_return core::Result<void>{};
}

asio::awaitable<Text> Follower::read() {
  // Looked at before the database is: what is published in between is looked for again.
  std::uint64_t const grown = growth();
  BatchQuery const wanted = query();
  auto batch = co_await workshop_.bridge.run<Batch>(who_.principal->organisation, [&](store::ReadStore& reader) {
    return read_batch(reader, wanted, workshop_.cursors);
  });
  if (!batch && batch.error().code == core::Code::unavailable) {
    co_await ear_.wait_until(Clock::now() + kVigilance);  // the reader threads have too much to do: later
    co_return std::string();
  }
  if (!batch) co_return std::unexpected(batch.error());
  // Nothing is shown that may not be seen any more by now: then it is read again.
  if (!stands()) co_return std::string();
  auto recorded = co_await record(wanted, *batch);
  if (!recorded) co_return std::unexpected(recorded.error());
  if (!batch->shown.empty() && !stands()) co_return std::string();
  after_ = batch->reached;
  unread_ = batch->more;
  seen_growth_ = grown;
  co_return std::move(batch->text);
}

asio::awaitable<Text> Follower::next() {
  std::string text;
  if (!std::exchange(begun_, true)) {
    append_event(text, "", wanted_.place, "");
    co_return text;
  }
  while (!stopped_ && !ended_) {
    (void)stands();
    if (refusal_) {
      ended_ = true;
      co_return end_event(*refusal_);
    }
    if (unread_ || growth() != seen_growth_) {
      auto read_now = co_await read();
      if (!read_now || !read_now->empty()) {
        silent_since_ = Clock::now();
        co_return read_now;
      }
      if (unread_ || refusal_) continue;
    }
    auto now = Clock::now();
    if (now >= silent_since_ + kSilence) {
      silent_since_ = now;
      co_return std::string(kKeepAlive);
    }
    co_await ear_.wait_until(std::min<Clock::time_point>(silent_since_ + kSilence, now + kVigilance));
  }
  co_return text;
}

}  // namespace tocsin::stream
