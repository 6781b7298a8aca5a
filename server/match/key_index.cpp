#include "server/match/key_index.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

namespace tocsin::match {
namespace {

std::uint64_t random_seed() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

KeyIndex::KeyIndex() : seed_(random_seed()) {}

std::uint64_t KeyIndex::hash_of(Field field, std::string_view text) const {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed_ + static_cast<std::uint64_t>(field));
}

KeyIndex::Head KeyIndex::head_of(Slot const& slot) const {
  Head head;
  std::memcpy(&head, keys_.data() + slot.key, sizeof head);
  return head;
}

std::size_t KeyIndex::place_of(Field field, std::string_view text, std::uint64_t hash) const {
  auto const mask = slots_.size() - 1;
  auto const tag = tag_of(hash);
  for (auto at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
    auto const& slot = slots_[at];
    if (slot.set == kNobody) return at;
    if (slot.tag == tag && field_of(slot) == field && text_of(slot) == text) return at;
  }
}

void KeyIndex::add(Field field, std::string_view text, IndicatorNumber indicator, SetTable& sets) {
  if (2 * (count_ + 1) > slots_.size()) grow();
  auto const hash = hash_of(field, text);
  auto& slot = slots_[place_of(field, text, hash)];
  if (slot.set == kNobody) {
    if (keys_.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many keys to index");
    ++count_;
    slot.tag = tag_of(hash);
    slot.key = static_cast<std::uint32_t>(keys_.size());
    Head const head{static_cast<std::uint16_t>(text.size()), field};
    keys_.append(reinterpret_cast<char const*>(&head), sizeof head).append(text);
  }
  slot.set = sets.add(indicator, slot.set);
}

void KeyIndex::grow() {
  auto const before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (auto const& slot : before) {
    if (slot.set == kNobody) continue;
    auto const text = text_of(slot);
    auto const field = field_of(slot);
    slots_[place_of(field, text, hash_of(field, text))] = slot;
  }
}

}  // namespace tocsin::match
