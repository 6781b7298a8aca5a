#include "server/ledger/read_ranges.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::ledger {
namespace {

// Of one shard. A range is some hundred bytes and its filters.
constexpr std::size_t kRanges = 1'024, kBytes = 1u << 20;
// Beyond so many the last stretch grows over what lies between: the trail then says more was read than was.
constexpr std::size_t kStretches = 16;

}  // namespace

std::size_t ReadRanges::Hash::operator()(KeyView const& key) const {
  std::size_t hash = std::hash<std::string_view>{}(key.filters);
  for (std::size_t part : {std::hash<std::string_view>{}(key.collection), std::hash<std::string_view>{}(key.what),
                           static_cast<std::size_t>(key.principal), static_cast<std::size_t>(key.epoch)})
    hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
  return hash;
}

void ReadRanges::Range::add(ReadNote const& note, std::int64_t now_us) {
  from_us = std::min(from_us, now_us);  // the clock may be put back meanwhile
  until_us = std::max(until_us, now_us);
  objects += note.objects;
  ++requests;
  if (note.last == 0) return;
  // A page that goes on where another ended lengthens it: nothing the reader may see lies between.
  for (auto& [first, last] : stretches) {
    if (note.after > last || note.last < first) continue;
    first = std::min(first, note.first);
    last = std::max(last, note.last);
    return;
  }
  if (stretches.size() < kStretches) {
    stretches.emplace_back(note.first, note.last);
  } else {
    stretches.back().first = std::min(stretches.back().first, note.first);
    stretches.back().second = std::max(stretches.back().second, note.last);
  }
}

bool ReadRanges::add(ReadNote const& note, std::int64_t now_us) {
  KeyView key{note.principal, note.epoch, note.collection, note.what, note.filters};
  Shard& shard = shards_[static_cast<std::size_t>(note.principal) % kShards];
  std::lock_guard lock(shard.mutex);
  auto found = shard.ranges.find(key);
  if (found == shard.ranges.end()) {
    if (shard.ranges.size() >= kRanges || shard.bytes + note.filters.size() > kBytes) return false;
    shard.bytes += note.filters.size();
    Range range;
    range.by = {std::string(note.organisation), std::string(note.credential)};
    range.from_us = now_us;
    found = shard.ranges
                .emplace(Key{note.principal, note.epoch, std::string(note.collection), std::string(note.what),
                             std::string(note.filters)},
                         std::move(range))
                .first;
  }
  found->second.add(note, now_us);
  return true;
}

std::vector<RecordedReads> ReadRanges::take() {
  std::vector<RecordedReads> out;
  for (Shard& shard : shards_) {
    decltype(shard.ranges) ranges;
    {
      std::lock_guard lock(shard.mutex);
      ranges.swap(shard.ranges);
      shard.bytes = 0;
    }
    for (auto const& [key, range] : ranges) out.push_back(entry_of(key.view(), range));
  }
  std::ranges::sort(out, {}, [](RecordedReads const& reads) { return reads.entry.at_us; });
  return out;
}

RecordedReads ReadRanges::entry_of(ReadNote const& note, std::int64_t now_us) const {
  Range range;
  range.by = {std::string(note.organisation), std::string(note.credential)};
  range.from_us = now_us;
  range.add(note, now_us);
  return entry_of(KeyView{note.principal, note.epoch, note.collection, note.what, note.filters}, range);
}

RecordedReads ReadRanges::entry_of(KeyView const& key, Range const& range) const {
  std::array<std::string_view, 1> const filters{key.filters};
  std::string digest;
  if (!key.filters.empty()) {
    core::Digest hashed = core::hmac_sha256(core::view(key_), filters);
    digest = core::to_hex(core::view(hashed).substr(0, 16));
  }
  nlohmann::json details{{"collection", key.collection},
                         {"epoch", key.epoch},
                         {"filter", digest},
                         {"objects", range.objects},
                         {"requests", range.requests},
                         {"stretches", range.stretches},
                         {"until", stix::Timestamp::from_microseconds(range.until_us).text_microseconds()},
                         {"what", key.what}};
  return {store::audit_entry("read", range.from_us, range.by, std::move(details)), range.requests};
}

}  // namespace tocsin::ledger
