// What is held against indicators, who asks, and what the answer is. Value types; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "server/match/indicator.hpp"

namespace tocsin::match {

// Something that happened: whatever of it is known.
struct Item {
  std::optional<IpAddress> address;
  std::optional<std::uint32_t> asn;  // absent: that of the address, when a database of them is there
  std::vector<Key> keys;
  std::vector<kinds::Print> prints;   // of its prompt, as kinds::prints_of makes them
  std::optional<std::int64_t> at_us;  // when it happened; absent: now
};

// A set of visibility classes.
class Classes {
 public:
  Classes() = default;
  // Bit n % 64 of word n / 64 stands for class n.
  explicit Classes(std::vector<std::uint64_t> words) : words_(std::move(words)) {}

  [[nodiscard]] bool contains(std::uint32_t number) const {
    auto const word = number / 64;
    return word < words_.size() && (words_[word] >> (number % 64) & 1) != 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// What the asker may see and wants to know. Nobody sees anything by default.
struct Filter {
  Classes visible;
  std::int64_t asserter = 0;  // whose own indicators count; 0: nobody's
  Classes own;                // classes of own indicators
  int min_confidence = 0;     // above 0, what states none is left out
  std::int64_t now_us = 0;
  std::size_t most = std::numeric_limits<std::size_t>::max();  // hits
  std::size_t most_postings =
      std::numeric_limits<std::size_t>::max();  // of fingerprints and wildcards that are looked at
};

struct Hit {
  std::size_t item = 0;  // its place among those that were asked about
  Field field = Field::address;
  float score = 0;  // how well it matched, from 0 to 1; not how much the indicator is believed
  Facts indicator;

  friend bool operator==(Hit const&, Hit const&) = default;
};

struct Answer {
  std::vector<Hit> hits;      // by item and id; each indicator once an item, by its best score
  std::int64_t sequence = 0;  // up to which changes were counted
  bool complete = true;       // false: there may be more than the asker wanted to have or to look at
};

}  // namespace tocsin::match
