// Indicators by values that are compared as a whole: open addressing over XXH3, which is seeded anew for each index, so
// that nobody can choose values that collide; a hit has compared the whole key. Owned by a Snapshot; written while that
// is made, then constant, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/match/key.hpp"
#include "server/match/set_table.hpp"

namespace tocsin::match {

class KeyIndex {
 public:
  KeyIndex();

  // `text` is that of a Key. Throws std::length_error beyond 4 GiB of them.
  void add(Field field, std::string_view text, IndicatorNumber indicator, SetTable& sets);

  [[nodiscard]] SetId find(Field field, std::string_view text) const {
    auto const& slot = slots_[place_of(field, text, hash_of(field, text))];
    return slot.set;
  }

  // Of a domain and of all above it, the longest first: each(SetId) for every one that has indicators.
  void find_suffixes(Field field, std::string_view domain, auto const& each) const {
    while (true) {
      if (auto const set = find(field, domain); set != kNobody) each(set);
      auto const dot = domain.find('.');
      if (dot == domain.npos) return;
      domain.remove_prefix(dot + 1);
    }
  }

  // Gives back what was taken for keys to come.
  void shrink() { keys_.shrink_to_fit(); }

  // Each key and the set of its indicators: each(Field, text, SetId), in no order.
  void each(auto const& each) const {
    for (auto const& slot : slots_)
      if (slot.set != kNobody) each(field_of(slot), text_of(slot), slot.set);
  }

  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot) + keys_.capacity(); }

 private:
  // The upper half of the hash tells most other keys apart without a look at them.
  struct Slot {
    std::uint32_t tag = 0;
    SetId set = kNobody;    // nobody: free
    std::uint32_t key = 0;  // where it stands in keys_
  };
  // Of a key in keys_, before its text.
  struct Head {
    std::uint16_t size;
    Field field;
  };

  [[nodiscard]] std::uint64_t hash_of(Field field, std::string_view text) const;
  // The slot of this key, or the free one that it would take.
  [[nodiscard]] std::size_t place_of(Field field, std::string_view text, std::uint64_t hash) const;
  [[nodiscard]] Head head_of(Slot const& slot) const;
  [[nodiscard]] Field field_of(Slot const& slot) const { return head_of(slot).field; }
  [[nodiscard]] std::string_view text_of(Slot const& slot) const {
    return std::string_view(keys_).substr(slot.key + sizeof(Head), head_of(slot).size);
  }
  void grow();

  std::uint64_t seed_;
  std::vector<Slot> slots_ = std::vector<Slot>(16);  // a power of two, at most half of them taken
  std::size_t count_ = 0;
  std::string keys_;
};

}  // namespace tocsin::match
