#include "server/match/id_index.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <random>

namespace tocsin::match {

IdIndex::IdIndex(std::vector<Facts> const& rows)
    : seed_(std::random_device{}()), slots_(std::bit_ceil(2 * rows.size() + 2)) {
  for (std::size_t number = 0; number < rows.size(); ++number) {
    auto at = first_place(rows[number].id);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = static_cast<std::uint32_t>(number + 1);
  }
}

std::size_t IdIndex::first_place(core::Uuid const& id) const {
  return static_cast<std::size_t>(XXH3_64bits_withSeed(id.data(), id.size(), seed_)) & (slots_.size() - 1);
}

std::optional<IndicatorNumber> IdIndex::find(core::Uuid const& id, std::vector<Facts> const& rows) const {
  for (auto at = first_place(id); slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
    if (rows[slots_[at] - 1].id == id) return slots_[at] - 1;
  return std::nullopt;
}

}  // namespace tocsin::match
