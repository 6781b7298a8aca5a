#include "server/stream/matching.hpp"

#include <algorithm>
#include <utility>

#include "server/match/snapshot.hpp"
#include "server/stream/match_entry.hpp"

namespace tocsin::stream {
namespace {

// Between two looks, whether something was published or not: what `as_of_us` comes to tells nothing of what is hidden.
constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::minutes kAnew{60};  // then what does not stand any more is left out
constexpr int kShare = 10;                 // of the time, one part at most goes into reading everything
constexpr std::chrono::seconds kAfterError{1};
constexpr std::size_t kTogether = 10'000;  // rows of one look

}  // namespace

Matching::Matching(Parts parts)
    : parts_(std::move(parts)),
      indicators_(parts_.metrics.gauge("tocsin_match_indicators", "Indicators that items are matched against.")),
      bytes_(parts_.metrics.gauge("tocsin_match_bytes", "Memory of what items are matched against.")) {}

void Matching::start() {
  thread_ = std::thread([this] { loop(); });
}

Matching::~Matching() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Matching::begin_again() { anew_ = true; }

bool Matching::wait(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, pause, [this] { return stopping_; });
}

void Matching::loop() {
  for (bool goes_on = true; goes_on;) {
    auto const looked = look();
    if (!looked) parts_.log.error("match.unread", {{"mistake", looked.error().detail}});
    measure();
    goes_on = wait(looked ? kPause : kAfterError);
  }
}

void Matching::measure() {
  auto const held = engine_.held();
  indicators_.set(static_cast<std::int64_t>(held.indicators));
  bytes_.set(static_cast<std::int64_t>(held.bytes));
}

core::Result<void> Matching::look() {
  if (!reader_) {
    auto reader = parts_.open_reader();
    if (!reader) return std::unexpected(reader.error());
    reader_ = *std::move(reader);
  }
  auto const now_us = parts_.clock.now_us();
  auto const began = std::chrono::steady_clock::now();
  bool const anew = began >= anew_from_ + kAnew || (anew_ && began >= anew_from_);
  if (anew) anew_ = false;  // what asks from now on is for the next time
  auto looked = anew ? read_all() : read_on();
  if (looked) as_of_us_ = now_us;
  if (!looked && anew) anew_ = true;
  if (!looked || !anew) return looked;
  auto const ended = std::chrono::steady_clock::now();
  anew_from_ = ended + (kShare - 1) * (ended - began);
  return looked;
}

// What is published meanwhile is behind the last sequence: it is for the next look, and takes the place of what it
// supersedes.
core::Result<void> Matching::read_all() {
  auto const last = reader_->last_sequence();
  if (!last) return std::unexpected(last.error());
  match::Snapshot::Builder builder;
  Places places;
  templates_.clear();
  auto const directory = parts_.registry.current();
  for (auto const& collection : directory->tables().collections) {
    auto read_it = read(collection.row, places[collection.row], *last, [&](match::Change const& change) {
      if (change.now) builder.add(*change.now);
    });
    if (!read_it) return std::unexpected(read_it.error());
  }
  engine_.reset(std::move(builder).build(), *last);
  reached_ = std::move(places);
  return {};
}

core::Result<void> Matching::read_on() {
  auto const last = reader_->last_sequence();
  if (!last) return std::unexpected(last.error());
  std::vector<match::Change> changes;
  auto places = reached_;
  auto const directory = parts_.registry.current();
  for (auto const& collection : directory->tables().collections) {
    auto read_it = read(collection.row, places[collection.row], *last,
                        [&](match::Change change) { changes.push_back(std::move(change)); });
    if (!read_it) return std::unexpected(read_it.error());
  }
  if (!changes.empty()) folder_.apply(changes, *last);
  reached_ = std::move(places);
  return {};
}

core::Result<void> Matching::read(store::RowId collection, Place& place, std::int64_t end, Take const& take) {
  if (auto read_them = read_templates(collection, place.templates, end, take); !read_them) return read_them;
  return read_indicators(collection, place.indicators, end, take);
}

core::Result<void> Matching::read_templates(store::RowId collection, std::int64_t& place, std::int64_t end,
                                            Take const& take) {
  for (bool more = place < end; more;) {
    auto const rows = reader_->indicators().templates(collection, place, end, kTogether);
    if (!rows) return std::unexpected(rows.error());
    more = rows->size() == kTogether;
    for (auto const& one : *rows) templates_.add(collection, one, take);
    place = more ? rows->back().sequence : end;
  }
  return {};
}

core::Result<void> Matching::read_indicators(store::RowId collection, std::int64_t& place, std::int64_t end,
                                             Take const& take) {
  for (bool more = place < end; more;) {
    auto rows = reader_->indicators().listed(collection, place, kTogether);
    if (!rows) return std::unexpected(rows.error());
    more = rows->size() == kTogether && rows->back().sequence < end;
    for (auto const& one : *rows) {
      if (one.sequence > end) break;
      auto change = change_of(collection, one);
      if (!change) return std::unexpected(change.error());
      take(*std::move(change));
      place = one.sequence;
    }
  }
  place = std::max(place, end);  // up to there nothing else is an indicator, and is not looked at again
  return {};
}

core::Result<match::Change> Matching::change_of(store::RowId collection, store::ListedIndicator const& one) {
  match::Change out{match_id(collection, one), {}};
  if (one.revoked || !is_template(one)) templates_.forget(out.id);
  if (one.revoked) return out;
  std::string bytes;
  if (needs_bytes(one)) {
    auto read_bytes = reader_->indicators().bytes_of(one.version);
    if (!read_bytes) return std::unexpected(read_bytes.error());
    bytes = *std::move(read_bytes);
  }
  out.now = match_entry(one, numbers_.number(collection, one.class_row, kind_of(one)), bytes);
  out.now->facts.id = out.id;
  if (is_template(one)) templates_.complete(collection, one, *out.now);
  return out;
}

}  // namespace tocsin::stream
