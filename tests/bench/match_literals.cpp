// User agents against many LIKEs with wildcards (server/match/literals.hpp) beside RE2::Set with the same as
// expressions: how fast, after both were found to say the same. Once with a text of their own alone, once with one that
// all browsers have, too, which is the longer. Prints one line of JSON; what begins with shared_ is the second.
//
// usage: match_literals LITERALS SUBJECTS
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "server/match/literals.hpp"
#include "tests/support/randomness.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using test::Random;

[[noreturn]] void fail(char const* what) {
  std::fprintf(stderr, "match_literals: %s\n", what);
  std::exit(1);
}

double seconds(auto const& work) {
  auto const started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

// The best of three: what else the machine does only adds.
double best_us(std::size_t count, auto const& work) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) best = std::min(best, seconds(work));
  return best * 1e6 / static_cast<double>(count);
}

std::string tool(std::size_t number) { return "tool" + std::to_string(number * 7'919); }

// What browsers say, and in every second one a tool, of which half are known.
std::string subject(Random& random, std::size_t literals) {
  std::string out = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/";
  out += std::to_string(random.below(150)) + ".0." + std::to_string(random.below(9'000)) + ".0 Safari/537.36";
  if (random.chance(50)) out += " " + tool(random.below(2 * literals)) + "/" + std::to_string(random.below(10));
  return out;
}

constexpr std::size_t kEnough = std::size_t{1} << 40;
bool seen(SetId) { return true; }

std::string expression(std::string const& like) {
  std::string out;
  for (auto const one : like)
    out += one == '%' ? ".*" : one == '_' ? "." : re2::RE2::QuoteMeta(std::string_view(&one, 1));
  return out;
}

struct Sets {
  SetTable table;
  Literals ours;
  re2::RE2::Set theirs{options(), re2::RE2::ANCHOR_BOTH};

  static re2::RE2::Options options() {
    re2::RE2::Options out;
    out.set_max_mem(std::int64_t{512} << 20);
    return out;
  }

  // `before`: what all of them begin with.
  Sets(std::size_t count, std::string const& before) {
    for (std::size_t number = 0; number < count; ++number) {
      ours.add({Field::user_agent, "%" + before + " " + tool(number) + "/_"}, static_cast<IndicatorNumber>(number),
               table);
      theirs.Add(".*" + expression(before) + " " + tool(number) + "/.", nullptr);
    }
  }

  [[nodiscard]] std::vector<int> numbers(std::vector<SetId> const& found) const {
    std::vector<int> out;
    for (auto const set : found)
      for (auto const number : table.members(set)) out.push_back(static_cast<int>(number));
    std::ranges::sort(out);
    return out;
  }
};

std::size_t compare(Sets const& sets, std::vector<std::string> const& subjects) {
  std::size_t out = 0;
  for (auto const& one : subjects) {
    std::vector<SetId> found;
    std::vector<int> theirs;
    auto left = kEnough;
    if (!sets.ours.find(Field::user_agent, one, seen, left, found)) fail("not everything was looked up");
    sets.theirs.Match(one, &theirs);
    std::ranges::sort(theirs);
    if (sets.numbers(found) != theirs) fail("RE2::Set finds others");
    out += theirs.size();
  }
  if (out == 0) fail("nothing was found");
  return out;
}

// Prints members of JSON, the name of each after `prefix`.
void measure(char const* prefix, std::string const& before, std::size_t literals,
             std::vector<std::string> const& subjects) {
  Sets sets(literals, before);
  auto const compile = seconds([&] { sets.ours.compile(sets.table, [](IndicatorNumber) { return std::int64_t{0}; }); });
  auto const their_compile = seconds([&] { sets.theirs.Compile(); });
  auto const found = compare(sets, subjects);
  std::vector<SetId> met;
  std::vector<int> their_met;
  auto const ours = best_us(subjects.size(), [&] {
    for (auto const& one : subjects) {
      met.clear();
      auto left = kEnough;
      (void)sets.ours.find(Field::user_agent, one, seen, left, met);
    }
  });
  auto const theirs = best_us(subjects.size(), [&] {
    for (auto const& one : subjects) their_met.clear(), sets.theirs.Match(one, &their_met);
  });
  std::printf("\"%sfound\":%zu,\"%sliterals_us\":%.3f,\"%sre2_us\":%.3f,", prefix, found, prefix, ours, prefix, theirs);
  std::printf("\"%scompile_s\":%.3f,\"%sre2_compile_s\":%.3f,\"%sbytes\":%zu", prefix, compile, prefix, their_compile,
              prefix, sets.ours.bytes());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: match_literals LITERALS SUBJECTS");
  auto const literals = std::strtoull(argv[1], nullptr, 10), count = std::strtoull(argv[2], nullptr, 10);
  if (literals == 0 || literals > Literals::kMost || count == 0) fail("no such number");
  Random random;
  std::vector<std::string> subjects;
  while (subjects.size() < count) subjects.push_back(subject(random, literals));
  std::printf("{");
  measure("", "", literals, subjects);
  std::printf(",");
  measure("shared_", "Mozilla/5.0 (X11; Linux x86_64)%", literals, subjects);
  std::printf("}\n");
}
