// Which of two obligations is the easier one: what keeps the number of them small while a pattern is matched.
#include <algorithm>

#include "server/match/pattern/obligation.hpp"

namespace tocsin::match::pattern {
namespace {

using Kind = Obligation::Kind;

// Compares two trees in at most so many steps; when they are used up, nothing is said to be easier.
class Comparing {
 public:
  bool as_easy(Obligation const& better, Obligation const& worse) {
    if (&better == &worse) return true;
    if (steps_ == 0) return false;
    --steps_;
    if (better.kind == worse.kind && same_kind(better, worse)) return true;
    // What meets the whole of `worse` meets each part of it.
    if (worse.kind == Kind::leaf || worse.kind == Kind::any) return false;
    return std::ranges::any_of(worse.parts, [&](Part const& part) { return as_easy(better, *part.what); });
  }

 private:
  bool same_kind(Obligation const& better, Obligation const& worse) {
    switch (better.kind) {
      case Kind::leaf:
        return better.leaf == worse.leaf;
      case Kind::any:
        return one_by_one(better, worse);
      case Kind::all:
        return inject(better, worse);
      case Kind::sequence:
        return better.not_before <= worse.not_before && better.latest <= worse.latest && one_by_one(better, worse);
      case Kind::window:
        if (better.width < worse.width) return false;
        if (better.opened && (!worse.opened || *better.opened < *worse.opened)) return false;
        return one_by_one(better, worse);
    }
    return false;
  }

  bool one_by_one(Obligation const& better, Obligation const& worse) {
    return std::ranges::equal(better.parts, worse.parts,
                              [&](Part const& left, Part const& right) { return as_easy(*left.what, *right.what); });
  }

  // Every part of `better` finds one of `worse` that is no easier, and none is used twice.
  bool inject(Obligation const& better, Obligation const& worse) {
    std::vector<std::uint64_t> unused;
    for (auto const& part : worse.parts) unused.push_back(part.times);
    for (auto const& part : better.parts) {
      std::uint64_t wanted = part.times;
      for (std::size_t at = 0; at < unused.size() && wanted > 0; ++at) {
        if (unused[at] == 0 || !as_easy(*part.what, *worse.parts[at].what)) continue;
        std::uint64_t const taken = std::min(wanted, unused[at]);
        wanted -= taken;
        unused[at] -= taken;
      }
      if (wanted > 0) return false;
    }
    return true;
  }

  int steps_ = 256;
};

}  // namespace

bool as_easy(Obligation const& better, Obligation const& worse) { return Comparing().as_easy(better, worse); }

}  // namespace tocsin::match::pattern
