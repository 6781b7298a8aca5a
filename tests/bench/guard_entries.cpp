#include "tests/bench/guard_entries.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tocsin::bench {
namespace {

Range around(bool v4, Number address, int length) {
  Number const size = Number{1} << ((v4 ? 32 : 128) - length), first = address / size * size;
  return {v4, length, first, first + size - 1};
}

}  // namespace

[[noreturn]] void fail(std::string const& what) {
  std::fprintf(stderr, "guard_scale: %s\n", what.c_str());
  std::exit(1);
}

std::string Range::text() const {
  std::string out;
  char group[8];
  int const bits = v4 ? 8 : 16;
  for (int shift = width() - bits; shift >= 0; shift -= bits) {
    auto const value = static_cast<unsigned>(first >> shift) & ((1u << bits) - 1);
    std::snprintf(group, sizeof group, v4 ? "%u" : "%x", value);
    out += (out.empty() ? "" : v4 ? "." : ":") + std::string(group);
  }
  return out + "/" + std::to_string(length);
}

Range anywhere(Random& random, bool v4) {
  if (v4) return around(true, 0x01000000 + random() % 0xDE000000, 16 + static_cast<int>(random() % 17));
  auto const high = Number{0x2000 + random() % 0x1000} << 112;
  return around(false, high | Number{random()} << 48, 28 + static_cast<int>(random() % 37));
}

Range inside(Random& random, Range const& one) {
  auto const free_bits = one.width() - one.length;
  if (free_bits == 0) return one;
  auto const longer = 1 + static_cast<int>(random() % static_cast<unsigned>(free_bits));
  auto const high = Number{random()} << 64;
  return around(one.v4, one.first + (high | random()) % (one.last - one.first + 1), one.length + longer);
}

Range above(Random& random, Range const& one) {
  return around(one.v4, one.first, one.length - 1 - static_cast<int>(random() % 4));
}

Range beside(Range const& one) { return around(one.v4, one.last + 1, one.length); }

std::string label(Random& random) {
  std::string out;
  for (auto letters = 3 + random() % 8; letters > 0; --letters) out += static_cast<char>('a' + random() % 26);
  return out;
}

std::string name_anywhere(Random& random) {
  constexpr std::array kEnds{".com", ".net", ".org", ".io", ".co.uk", ".de"};
  return label(random) + kEnds[random() % kEnds.size()];
}

std::string above(std::string const& name) {
  auto const rest = name.substr(name.find('.') + 1);
  return rest.contains('.') ? rest : name;
}

Entries::Entries(Random& random, std::size_t count) {
  make_ranges(random, count);
  make_names(random, 0, count);
  make_names(random, 1, count / 2);
  for (auto& list : lists) std::ranges::sort(list.entries);
}

bool Entries::add(store::AllowList& list, std::string const& text) {
  auto entry = admission::harm::entry_text(list.kind, text);
  if (!entry) fail(text + ": " + entry.error().detail);
  if (!known_.insert(*entry).second) return false;
  list.entries.push_back(*std::move(entry));
  return true;
}

void Entries::make_ranges(Random& random, std::size_t count) {
  while (lists[0].entries.size() < count / 10) {
    auto const number = static_cast<access::AsNumber>(1 + random() % 400'000);
    if (add(lists[0], "AS" + std::to_string(number))) numbers.push_back(number);
  }
  while (lists[0].entries.size() < count) {
    bool const v4 = random() % 2 == 0;
    auto& made = ranges[v4];
    auto const way = made.empty() ? 0 : random() % 3;
    auto const one = way == 0   ? anywhere(random, v4)
                     : way == 1 ? inside(random, any_of(random, made))
                                : beside(any_of(random, made));
    if (add(lists[0], one.text())) made.push_back(one);
  }
}

void Entries::make_names(Random& random, std::size_t which, std::size_t count) {
  constexpr std::size_t kLong = 60;
  auto& made = names[which];
  known_.clear();
  while (made.size() < count) {
    auto name = name_anywhere(random);
    auto const way = made.empty() ? 0 : random() % 3;
    if (auto const& near = way == 0 ? name : any_of(random, made); way != 0 && near.size() < kLong)
      name = (way == 1 ? label(random) + "." : "x") + near;
    if (add(lists[which + 1], name)) made.push_back(std::move(name));
  }
}

}  // namespace tocsin::bench
