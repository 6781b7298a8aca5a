// Questions of overlap to the allow lists, as admission asks them, in one process: networks inside, above and beside
// those of a list, numbers of autonomous systems, names at, below, above and beside those of a list. Lists of ranges
// and of domains have so many entries each, one of mail half as many: with 100,000, all that an instance may have. The
// reference is what one writes by hand with std::map and std::set. Both are first held against a pass over every
// entry, question by question. Prints one line of JSON with microseconds a question.
//
// usage: guard_scale ENTRIES QUESTIONS
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/bench/guard_entries.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::bench;
using admission::harm::AllowLists;
constexpr double kSeconds = 3;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// `found` is how much of it is on a list, as a pass over every entry tells.
struct RangeQuestion {
  Range range;
  std::vector<access::Network> networks;
  std::vector<access::AsNumber> numbers;
  Number found = 0;
};
struct NameQuestion {
  bool mail = false;
  std::vector<std::string> names;
  Number found = 0;
};

std::vector<RangeQuestion> range_questions(Random& random, Entries const& entries, std::size_t count) {
  std::vector<RangeQuestion> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& question = out[i];
    if (i % 5 == 4) {
      bool const listed = random() % 2 == 0;
      question.numbers = {listed ? any_of(random, entries.numbers)
                                 : static_cast<access::AsNumber>(1 + random() % 400'000)};
      continue;
    }
    bool const v4 = random() % 2 == 0;
    auto const& near = any_of(random, entries.ranges[v4]);
    question.range = i % 5 == 0   ? inside(random, near)
                     : i % 5 == 1 ? above(random, near)
                     : i % 5 == 2 ? beside(near)
                                  : anywhere(random, v4);
    question.networks = {*access::Network::around(question.range.text())};
  }
  return out;
}

std::vector<NameQuestion> name_questions(Random& random, Entries const& entries, std::size_t count) {
  std::vector<NameQuestion> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].mail = random() % 2 == 0;
    auto const& near = any_of(random, entries.names[out[i].mail]);
    out[i].names = {i % 5 == 0   ? near
                    : i % 5 == 1 ? label(random) + "." + near
                    : i % 5 == 2 ? above(near)
                    : i % 5 == 3 ? "x" + near
                                 : name_anywhere(random)};
  }
  return out;
}

Number sum(std::vector<AllowLists::Hit> const& hits) {
  Number out = 0;
  for (auto const& hit : hits) out += hit.count;
  return out;
}

struct Ours {
  AllowLists lists;

  [[nodiscard]] Number of(RangeQuestion const& one) const {
    return sum(one.networks.empty() ? lists.of(one.numbers) : lists.of(one.networks));
  }
  [[nodiscard]] Number of(NameQuestion const& one) const {
    return sum(one.mail ? lists.of_mail(one.names) : lists.of(one.names));
  }
};

// Disjoint intervals by where they begin, with how many addresses stand before; names written backwards.
class Maps {
 public:
  explicit Maps(Entries const& entries) : numbers_(entries.numbers.begin(), entries.numbers.end()) {
    for (std::size_t which : {0, 1}) {
      auto ranges = entries.ranges[which];
      std::ranges::sort(ranges, {}, &Range::first);
      Number before = 0, end = 0;  // of what there is so far
      for (auto const& range : ranges) {
        auto const first = std::max(range.first, end);
        if (first > range.last) continue;
        intervals_[which].emplace(first, Interval{range.last, before});
        before += range.last - first + 1;
        end = range.last + 1;
      }
      for (auto const& name : entries.names[which]) names_[which].emplace(name.rbegin(), name.rend());
    }
  }

  [[nodiscard]] Number of(RangeQuestion const& one) const {
    if (one.networks.empty()) return numbers_.contains(one.numbers.front());
    auto const& range = one.range;
    return up_to(intervals_[range.v4], range.last) - up_to(intervals_[range.v4], range.first - 1);
  }

  [[nodiscard]] Number of(NameQuestion const& one) const {
    auto const& names = names_[one.mail];
    std::string key(one.names.front().rbegin(), one.names.front().rend());
    Number count = names.contains(key);
    if (one.mail) {
      for (auto dot = key.find('.'); count == 0 && dot != key.npos; dot = key.find('.', dot + 1))
        count = names.contains(key.substr(0, dot));
      return count;
    }
    key += '.';
    for (auto at = names.lower_bound(key); at != names.end() && at->starts_with(key); ++at) ++count;
    return count;
  }

 private:
  struct Interval {
    Number last, before;
  };

  static Number up_to(std::map<Number, Interval> const& intervals, Number address) {
    auto at = intervals.upper_bound(address);
    if (at == intervals.begin()) return 0;
    --at;
    return at->second.before + std::min(address, at->second.last) - at->first + 1;
  }

  std::array<std::map<Number, Interval>, 2> intervals_;
  std::set<access::AsNumber> numbers_;
  std::array<std::set<std::string>, 2> names_;
};

// A pass over every entry.
Number counted(Entries const& entries, RangeQuestion const& one) {
  if (one.networks.empty()) return std::ranges::count(entries.numbers, one.numbers.front()) > 0;
  std::vector<Range> met;
  for (auto const& entry : entries.ranges[one.range.v4])
    if (entry.first <= one.range.last && one.range.first <= entry.last) met.push_back(entry);
  std::ranges::sort(met, {}, &Range::first);
  Number count = 0, from = one.range.first;
  for (auto const& entry : met) {
    auto const first = std::max(from, entry.first), last = std::min(one.range.last, entry.last);
    if (first > last) continue;
    count += last - first + 1;
    from = last + 1;
  }
  return count;
}

Number counted(Entries const& entries, NameQuestion const& one) {
  auto const& asked = one.names.front();
  auto const at_or_below = [](std::string const& name, std::string const& other) {
    return name.ends_with(other) && (name.size() == other.size() || name[name.size() - other.size() - 1] == '.');
  };
  if (one.mail)
    return std::ranges::any_of(entries.names[1], [&](auto const& entry) { return at_or_below(asked, entry); });
  return static_cast<Number>(
      std::ranges::count_if(entries.names[0], [&](auto const& entry) { return at_or_below(entry, asked); }));
}

struct Checked {
  double each_us = 0;     // of a pass over every entry
  std::size_t found = 0;  // how many questions found anything
};

template <class Question>
Checked check(Entries const& entries, Ours const& ours, Maps const& maps, std::vector<Question>& questions) {
  Stopwatch const watch;
  for (auto& question : questions) question.found = counted(entries, question);
  Checked out{watch.seconds() * 1e6 / static_cast<double>(questions.size())};
  for (auto const& question : questions) {
    if (ours.of(question) != question.found) fail("the allow lists give a wrong answer");
    if (maps.of(question) != question.found) fail("the reference gives a wrong answer");
    out.found += question.found > 0;
  }
  return out;
}

// In whole passes over the questions, each of which must find what was checked.
template <class Question>
double microseconds_each(auto const& asked, std::vector<Question> const& questions) {
  Number all = 0;
  for (auto const& question : questions) all += question.found;
  Stopwatch const watch;
  std::size_t passes = 0;
  for (; watch.seconds() < kSeconds; ++passes) {
    Number found = 0;
    for (auto const& question : questions) found += asked.of(question);
    if (found != all) fail("the answers changed");
  }
  return watch.seconds() * 1e6 / static_cast<double>(passes * questions.size());
}

template <class Question>
void report(char const* what, Entries const& entries, Ours const& ours, Maps const& maps,
            std::vector<Question> questions) {
  auto const checked = check(entries, ours, maps, questions);
  double const lists_us = microseconds_each(ours, questions), maps_us = microseconds_each(maps, questions);
  std::printf("\"%s\":{\"lists_us\":%.3f,\"maps_us\":%.3f,\"pass_us\":%.1f,\"found\":%zu},", what, lists_us, maps_us,
              checked.each_us, checked.found);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto const count = static_cast<std::size_t>(std::atol(argv[1]));
  auto const half = static_cast<std::size_t>(std::atol(argv[2])) / 2;
  Random random(7);
  Entries const entries(random, count);
  Stopwatch const watch;
  Ours const ours{AllowLists(entries.lists)};
  double const build_ms = watch.seconds() * 1e3;
  Maps const maps(entries);
  std::printf("result {");
  report("ranges", entries, ours, maps, range_questions(random, entries, half));
  report("names", entries, ours, maps, name_questions(random, entries, half));
  std::printf("\"build_ms\":%.1f}\n", build_ms);
}
