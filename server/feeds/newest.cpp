#include "server/feeds/newest.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace tocsin::feeds {
namespace {

// A row or, of another kind, a chain alone. Its first octets tell most chains apart.
struct Seen {
  std::uint64_t front = 0;
  store::RowId asserter = 0;
  core::Uuid const* uuid = nullptr;
  std::int64_t modified_ns = 0;
  Newest row{};
  std::size_t place = 0;  // of its collection
};

Seen seen(store::RowId asserter, core::Uuid const& uuid, std::int64_t modified_ns, Newest row, std::size_t place) {
  Seen out{0, asserter, &uuid, modified_ns, row, place};
  std::memcpy(&out.front, uuid.data(), sizeof out.front);
  return out;
}

bool same(Seen const& a, Seen const& b) { return a.front == b.front && a.asserter == b.asserter && *a.uuid == *b.uuid; }

// The newest of a chain first, and of equal ones that of the first collection.
bool comes_first(Seen const& a, Seen const& b) {
  if (a.front != b.front) return a.front < b.front;
  if (*a.uuid != *b.uuid) return *a.uuid < *b.uuid;
  return std::tie(a.asserter, b.modified_ns, a.place) < std::tie(b.asserter, a.modified_ns, b.place);
}

}  // namespace

std::vector<Newest> newest_of(std::span<KnownIn const> collections, bool of_numbers, std::int64_t us) {
  std::vector<Seen> all;
  for (std::size_t place = 0; place < collections.size(); ++place)
    for (auto const& [stamp, block] : collections[place].second->blocks) {
      if (block == nullptr) continue;
      for (auto const& one : block->rows)
        all.push_back(seen(one.asserter, one.fact.uuid, one.modified_ns, {&one, collections[place].first}, place));
      for (auto const& one : block->others) all.push_back(seen(one.asserter, one.uuid, one.modified_ns, {}, place));
    }
  std::ranges::sort(all, comes_first);
  auto const again = std::ranges::unique(all, same);
  all.erase(again.begin(), again.end());
  std::vector<Newest> out;
  for (auto const& one : all) {
    auto const* const known = one.row.known;
    if (known != nullptr && known->fact.of_numbers == of_numbers && known->fact.valid_until_us > us)
      out.push_back(one.row);
  }
  return out;
}

}  // namespace tocsin::feeds
