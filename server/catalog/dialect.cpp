#include "server/catalog/dialect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "schema/stix/identifier.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::catalog {
namespace {

// Steps through canonical JSON text, which has no white space. The store holds no other text; should it be damaged,
// every step still moves on and none leaves the text.
class Walk {
 public:
  explicit Walk(std::span<char> text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool take(char c) {
    if (!is_at(c)) return false;
    ++at_;
    return true;
  }

  // The inside of the string that begins here, or of no string the empty rest.
  std::span<char> string() {
    if (!take('"')) at_ = end_;
    char* const begin = at_;
    while (auto* quote = static_cast<char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)))) {
      at_ = quote + 1;
      char* escapes = quote;
      while (escapes != begin && escapes[-1] == '\\') --escapes;
      if ((quote - escapes) % 2 == 0) return {begin, quote};
    }
    at_ = end_;
    return {at_, end_};
  }

  void skip_value() {
    std::size_t open = 0;
    while (at_ != end_) {
      if (is_at('"')) {
        string();
      } else if (char c = *at_++; c == '{' || c == '[') {
        ++open;
      } else if ((c == '}' || c == ']') && open > 0) {
        --open;
      }
      if (open == 0 && (at_ == end_ || *at_ == ',' || *at_ == '}' || *at_ == ']')) return;
    }
  }

  // Calls `member(name)` at the value of each member, which it has to step over; another value than an object is
  // skipped.
  void members(auto&& member) {
    if (!is_at('{')) return skip_value();
    ++at_;
    while (at_ != end_ && !take('}')) {
      std::span<char> name = string();
      take(':');
      member(std::string_view(name.data(), name.size()));
      take(',');
    }
  }

  // The same for the elements of an array.
  void elements(auto&& element) {
    if (!is_at('[')) return skip_value();
    ++at_;
    while (at_ != end_ && !take(']')) {
      element();
      take(',');
    }
  }

  [[nodiscard]] bool is_at(char c) const { return at_ != end_ && *at_ == c; }

 private:
  char* at_;
  char* end_;
};

void translate(Walk& walk) {
  if (!walk.is_at('"')) return walk.skip_value();
  std::span<char> text = walk.string();
  auto marking = stix::Identifier::parse({text.data(), text.size()});
  if (!marking) return;
  auto level = stix::tlp_of(*marking);
  if (level) std::ranges::copy(stix::tlp1_id(*level), text.begin());
}

}  // namespace

void render_tlp1(std::span<char> objects) {
  Walk walk(objects);
  auto granular = [&walk](std::string_view name) { name == "marking_ref" ? translate(walk) : walk.skip_value(); };
  auto member = [&](std::string_view name) {
    if (name == "object_marking_refs")
      walk.elements([&] { translate(walk); });
    else if (name == "granular_markings")
      walk.elements([&] { walk.members(granular); });
    else
      walk.skip_value();
  };
  do walk.members(member);
  while (walk.take(','));
}

}  // namespace tocsin::catalog
