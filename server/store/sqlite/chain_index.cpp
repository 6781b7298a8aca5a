#include "server/store/sqlite/chain_index.hpp"

#include <algorithm>
#include <limits>

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min(),
                       kMost = std::numeric_limits<std::int64_t>::max();

// A sweep that has fallen behind catches up with this many entries a commit.
constexpr std::size_t kCatchUp = 256;

}  // namespace

ChainIndex::ChainIndex(Connection& connection, std::size_t in_memory)
    : connection_(connection),
      limit_(in_memory),
      before_(connection.prepare(
          "SELECT modified, version, class FROM chains WHERE uuid = ? AND type = ? AND asserter = ? AND modified < ? "
          "ORDER BY modified DESC LIMIT 1")),
      after_(connection.prepare(
          "SELECT modified, version, class FROM chains WHERE uuid = ? AND type = ? AND asserter = ? AND modified > ? "
          "ORDER BY modified LIMIT 1")),
      find_(connection.prepare(
          "SELECT version FROM chains WHERE uuid = ? AND type = ? AND asserter = ? AND modified = ?")),
      chain_(connection.prepare(
          "SELECT modified, version, class FROM chains WHERE uuid = ? AND type = ? AND asserter = ?")),
      count_(connection.prepare("SELECT count(*) FROM (SELECT 1 FROM chains WHERE uuid = ? AND type = ? AND "
                                "asserter = ? LIMIT ?)")),
      asserters_(connection.prepare("SELECT DISTINCT asserter FROM chains WHERE uuid = ? AND type = ?")),
      insert_(connection.prepare("INSERT INTO chains VALUES (?, ?, ?, ?, ?, ?)")),
      delete_(connection.prepare("DELETE FROM chains WHERE uuid = ? AND type = ? AND asserter = ? AND modified = ?")) {
  load();
}

void ChainIndex::load() {
  Statement counters = connection_.prepare("SELECT indexed_through FROM counters");
  if (counters.step()) last_version_ = counters.integer(0);
  Statement newer = connection_.prepare(
      "SELECT uuid, type, asserter, modified, version, class FROM versions WHERE version > ? "
      "AND length(bytes) > 0 ORDER BY version");
  newer.start().bind(last_version_);
  while (newer.step()) {
    Key key{{core::to_array<16>(newer.text(0)).value(), newer.integer(1)}, newer.integer(2), newer.integer(3)};
    last_version_ = newer.integer(4);
    find_.start().bind_blob(core::view(key.id.uuid)).bind(key.id.type).bind(key.asserter).bind(key.modified_ns);
    bool there = find_.step();
    find_.reset();
    if (there) continue;
    recent_.emplace(key, Place{last_version_, newer.integer(5)});
    unindexed_.insert(last_version_);
  }
}

std::optional<ChainIndex::Entry> ChainIndex::oldest(Id const& id, RowId asserter) {
  return after({id, asserter, kLeast});
}

std::optional<ChainIndex::Entry> ChainIndex::newest(Id const& id, RowId asserter) {
  return before({id, asserter, kMost});
}

std::optional<ChainIndex::Entry> ChainIndex::after(Key const& key) {
  std::optional<Entry> found = stored(after_, key);
  auto next = recent_.upper_bound(key);
  if (next == recent_.end() || next->first.id != key.id || next->first.asserter != key.asserter) return found;
  return found && found->key < next->first ? found : Entry{next->first, next->second};
}

std::optional<ChainIndex::Entry> ChainIndex::before(Key const& key) {
  std::optional<Entry> found = stored(before_, key);
  auto at = recent_.lower_bound(key);
  if (at == recent_.begin()) return found;
  auto previous = std::prev(at);
  if (previous->first.id != key.id || previous->first.asserter != key.asserter) return found;
  return found && previous->first < found->key ? found : Entry{previous->first, previous->second};
}

std::optional<ChainIndex::Entry> ChainIndex::stored(Statement& neighbour, Key const& key) {
  std::optional<Entry> found;
  neighbour.start().bind_blob(core::view(key.id.uuid)).bind(key.id.type).bind(key.asserter).bind(key.modified_ns);
  if (neighbour.step())
    found = Entry{{key.id, key.asserter, neighbour.integer(0)}, {neighbour.integer(1), neighbour.integer(2)}};
  neighbour.reset();
  return found;
}

std::optional<RowId> ChainIndex::find(Key const& key) {
  if (auto found = recent_.find(key); found != recent_.end()) return found->second.version;
  std::optional<RowId> version;
  find_.start().bind_blob(core::view(key.id.uuid)).bind(key.id.type).bind(key.asserter).bind(key.modified_ns);
  if (find_.step()) version = find_.integer(0);
  find_.reset();
  return version;
}

std::vector<ChainIndex::Entry> ChainIndex::chain(Id const& id, RowId asserter) {
  Recent all;
  chain_.start().bind_blob(core::view(id.uuid)).bind(id.type).bind(asserter);
  while (chain_.step()) all.emplace(Key{id, asserter, chain_.integer(0)}, Place{chain_.integer(1), chain_.integer(2)});
  chain_.reset();
  auto const end = recent_.upper_bound({id, asserter, kMost});
  for (auto at = recent_.lower_bound({id, asserter, kLeast}); at != end; ++at)
    if (!gone_.contains(at->second.version)) all.insert(*at);
  std::vector<Entry> entries;
  entries.reserve(all.size());
  for (auto const& [key, at] : all) entries.push_back({key, at});
  return entries;
}

bool ChainIndex::reaches(Id const& id, RowId asserter, std::size_t versions) {
  count_.start().bind_blob(core::view(id.uuid)).bind(id.type).bind(asserter).bind(static_cast<std::int64_t>(versions));
  auto count = count_.step() ? static_cast<std::size_t>(count_.integer(0)) : 0;
  count_.reset();
  auto const end = recent_.upper_bound({id, asserter, kMost});
  for (auto at = recent_.lower_bound({id, asserter, kLeast}); at != end && count < versions; ++at) ++count;
  return count >= versions;
}

std::vector<RowId> ChainIndex::asserters(Id const& id) {
  std::set<RowId> all;
  asserters_.start().bind_blob(core::view(id.uuid)).bind(id.type);
  while (asserters_.step()) all.insert(asserters_.integer(0));
  asserters_.reset();
  for (auto at = recent_.lower_bound({id, kLeast, kLeast}); at != recent_.end() && at->first.id == id; ++at)
    if (!gone_.contains(at->second.version)) all.insert(at->first.asserter);
  return {all.begin(), all.end()};
}

void ChainIndex::add(Key const& key, Place at) {
  std::lock_guard lock(mutex_);
  added_.push_back(recent_.emplace(key, at).first);
  unindexed_.insert(at.version);
  last_version_ = std::max(last_version_, at.version);
}

void ChainIndex::remove(Key const& key) {
  delete_.start().bind_blob(core::view(key.id.uuid)).bind(key.id.type).bind(key.asserter).bind(key.modified_ns).run();
  auto const found = recent_.find(key);
  if (found == recent_.end() || !gone_.insert(found->second.version).second) return;
  removed_.push_back(found);
}

void ChainIndex::sweep() {
  if (recent_.size() <= limit_) return;
  std::size_t count = std::min(recent_.size() - limit_, added_.size() + kCatchUp);
  auto at = recent_.upper_bound(swept_to_);
  for (; count > 0; --count, ++at) {
    if (at == recent_.end()) at = recent_.begin();
    auto const& [key, place] = *at;
    insert_.start().bind_blob(core::view(key.id.uuid)).bind(key.id.type).bind(key.asserter).bind(key.modified_ns);
    insert_.bind(place.version).bind(place.class_row).run();
    unindexed_.erase(place.version);
    swept_.push_back(at);
  }
}

RowId ChainIndex::indexed_through() const { return unindexed_.empty() ? last_version_ : *unindexed_.begin() - 1; }

void ChainIndex::committed() {
  std::lock_guard lock(mutex_);
  if (!swept_.empty()) swept_to_ = swept_.back()->first;
  for (auto entry : swept_) recent_.erase(entry);
  for (auto entry : removed_) {
    unindexed_.erase(entry->second.version);
    recent_.erase(entry);
  }
  added_.clear();
  swept_.clear();
  removed_.clear();
  gone_.clear();
}

void ChainIndex::rolled_back() {
  std::lock_guard lock(mutex_);
  for (auto entry : swept_) unindexed_.insert(entry->second.version);
  for (auto entry : added_) {
    unindexed_.erase(entry->second.version);
    recent_.erase(entry);
  }
  added_.clear();
  swept_.clear();
  removed_.clear();
  gone_.clear();
}

std::vector<ChainIndex::Entry> ChainIndex::in_memory(std::span<Id const> ids,
                                                     std::function<void()> const& begin_snapshot) const {
  std::vector<Entry> entries;
  std::lock_guard lock(mutex_);
  begin_snapshot();
  for (Id const& id : ids)
    for (auto at = recent_.lower_bound({id, kLeast, kLeast}); at != recent_.end() && at->first.id == id; ++at)
      entries.push_back({at->first, at->second});
  return entries;
}

}  // namespace tocsin::store::sqlite
