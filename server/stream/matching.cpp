#include "server/stream/matching.hpp"

#include <utility>

#include "server/match/snapshot.hpp"
#include "server/stream/match_entry.hpp"

namespace tocsin::stream {
namespace {

constexpr std::chrono::milliseconds kPause{
    100};                                  // between two looks: a commit rings, and there may be a thousand a second
constexpr std::chrono::minutes kAnew{60};  // then what does not stand any more is left out
constexpr std::chrono::seconds kAfterError{1};
constexpr std::size_t kTogether = 10'000;  // rows of one look

}  // namespace

Matching::Matching(Parts parts) : parts_(std::move(parts)) {}

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

void Matching::ring() {
  {
    std::lock_guard const lock(mutex_);
    rung_ = true;
  }
  wake_.notify_all();
}

void Matching::begin_again() {
  {
    std::lock_guard const lock(mutex_);
    rung_ = anew_ = true;
  }
  wake_.notify_all();
}

bool Matching::wait() {
  std::unique_lock lock(mutex_);
  if (wake_.wait_for(lock, kPause, [this] { return stopping_; })) return false;
  wake_.wait_for(lock, kAnew, [this] { return rung_ || stopping_; });
  return !stopping_;
}

void Matching::loop() {
  while (true) {
    if (auto looked = look(); !looked) {
      parts_.log.error("match.unread", {{"mistake", looked.error().detail}});
      std::unique_lock lock(mutex_);
      rung_ = anew_ = true;
      if (wake_.wait_for(lock, kAfterError, [this] { return stopping_; })) return;
      continue;
    }
    if (!wait()) return;
  }
}

core::Result<void> Matching::look() {
  if (!reader_) {
    auto reader = parts_.open_reader();
    if (!reader) return std::unexpected(reader.error());
    reader_ = *std::move(reader);
  }
  bool anew = std::chrono::steady_clock::now() - read_all_at_ >= kAnew;
  {
    std::lock_guard const lock(mutex_);
    anew = std::exchange(anew_, false) || anew;
    rung_ = false;
  }
  auto const now_us = parts_.clock.now_us();
  auto looked = anew ? read_all() : read_on();
  if (looked) as_of_us_ = now_us;
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
    auto read_it = read(collection.row, places[collection.row], *last, [&](core::Uuid const& id, match::Entry entry) {
      entry.facts.id = id;
      builder.add(entry);
    });
    if (!read_it) return std::unexpected(read_it.error());
  }
  engine_.reset(std::move(builder).build(), *last);
  reached_ = std::move(places);
  read_all_at_ = std::chrono::steady_clock::now();
  ring();
  return {};
}

core::Result<void> Matching::read_on() {
  auto const last = reader_->last_sequence();
  if (!last) return std::unexpected(last.error());
  std::vector<match::Change> changes;
  auto places = reached_;
  auto const directory = parts_.registry.current();
  for (auto const& collection : directory->tables().collections) {
    auto read_it = read(collection.row, places[collection.row], *last, [&](core::Uuid const& id, match::Entry entry) {
      entry.facts.id = id;
      changes.push_back({id, std::move(entry)});
    });
    if (!read_it) return std::unexpected(read_it.error());
  }
  if (!changes.empty()) folder_.apply(changes, *last);
  reached_ = std::move(places);
  return {};
}

core::Result<void> Matching::read_templates(store::RowId collection, std::int64_t& place, std::int64_t end,
                                            Take const& take) {
  for (bool more = true; more;) {
    auto const rows = reader_->indicators().templates(collection, place, end, kTogether);
    if (!rows) return std::unexpected(rows.error());
    more = rows->size() == kTogether;
    for (auto const& one : *rows) templates_.add(collection, one, take);
    place = more ? rows->back().sequence : end;
  }
  return {};
}

core::Result<void> Matching::read(store::RowId collection, Place& place, std::int64_t end, Take const& take) {
  if (auto read_them = read_templates(collection, place.templates, end, take); !read_them) return read_them;
  for (bool more = true; more;) {
    auto rows = reader_->indicators().listed(collection, place.indicators, kTogether);
    if (!rows) return std::unexpected(rows.error());
    more = rows->size() == kTogether;
    for (auto const& one : *rows) {
      if (one.sequence > end) return {};
      std::string bytes;
      if (needs_bytes(one)) {
        auto read_bytes = reader_->indicators().bytes_of(one.version);
        if (!read_bytes) return std::unexpected(read_bytes.error());
        bytes = *std::move(read_bytes);
      }
      auto const id = match_id(collection, one);
      auto entry = match_entry(one, numbers_.number(collection, one.class_row), bytes);
      if (is_template(one)) templates_.complete(collection, one, id, entry);
      take(id, std::move(entry));
      place.indicators = one.sequence;
    }
  }
  return {};
}

}  // namespace tocsin::stream
