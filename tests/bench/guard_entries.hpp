// Allow lists to measure with: ranges that are nested and adjacent, numbers of autonomous systems, names below and
// beside each other; and what lies near them, to ask for. Networks are numbers here, and names plain strings: they are
// made and counted without the classes that are measured. Owned by the program that measures, on its one thread.
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/admission/harm/allow_lists.hpp"

namespace tocsin::bench {

using Number = access::Addresses;  // an address as one, or how many
using Random = std::mt19937_64;

[[noreturn]] void fail(std::string const& what);

struct Range {
  bool v4 = false;
  int length = 0;
  Number first = 0, last = 0;

  [[nodiscard]] int width() const { return v4 ? 32 : 128; }
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] Range anywhere(Random& random, bool v4);
// A part of it; itself, when it is one address.
[[nodiscard]] Range inside(Random& random, Range const& one);
// One that is up to 16 times as wide.
[[nodiscard]] Range above(Random& random, Range const& one);
// The next that is as wide.
[[nodiscard]] Range beside(Range const& one);

[[nodiscard]] std::string label(Random& random);
[[nodiscard]] std::string name_anywhere(Random& random);
// "example.co.uk" of "www.example.co.uk"; itself, when what is above has one label.
[[nodiscard]] std::string above(std::string const& name);

template <class T>
T const& any_of(Random& random, std::vector<T> const& all) {
  return all[random() % all.size()];
}

// What is on the lists: of ranges and of domains `count` entries each, of mail half as many; a tenth of the ranges are
// numbers. Of the rest a third stands alone, a third below another, and a third beside another.
class Entries {
 public:
  Entries(Random& random, std::size_t count);

  std::array<std::vector<Range>, 2> ranges;  // of IPv6, of IPv4
  std::vector<access::AsNumber> numbers;
  std::array<std::vector<std::string>, 2> names;  // of domains, of mail
  std::vector<store::AllowList> lists{
      {"ranges", store::AllowKind::ranges}, {"domains", store::AllowKind::domains}, {"mail", store::AllowKind::mail}};

 private:
  // False when there is one like it already.
  bool add(store::AllowList& list, std::string const& text);
  void make_ranges(Random& random, std::size_t count);
  void make_names(Random& random, std::size_t which, std::size_t count);

  std::set<std::string> known_;
};

}  // namespace tocsin::bench
