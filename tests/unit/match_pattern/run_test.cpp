#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/match_pattern/seen.hpp"

namespace tocsin::match::pattern::test {
namespace {

Pattern pattern_of(std::string_view text) {
  auto out = compiled(spelled_out(text));
  REQUIRE(out.has_value());
  return std::move(*out);
}

// What a run says after each observation, as y, n and ?.
std::string told(std::string_view pattern, std::string_view text) {
  Run run(pattern_of(pattern));
  auto const what = seen(text);
  std::string out;
  for (auto const& observation : what.observations) {
    switch (run.take(observation)) {
      case Verdict::no:
        out += 'n';
        break;
      case Verdict::yes:
        out += 'y';
        break;
      case Verdict::undecided:
        out += '?';
        break;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a run tells with the observation that completes the pattern", "[match][pattern]") {
  CHECK(told("[a]", "b@0 a@1 b@2") == "nyy");
  CHECK(told("[a] AND [b]", "b@0 b@1 a@2") == "nny");
  CHECK(told("[a] FOLLOWEDBY [b]", "b@1 a@1") == "ny");
  CHECK(told("[a] REPEATS 3 TIMES WITHIN 2 SECONDS", "a@0 a@1 a@2 a@2") == "nnny");
  CHECK(told("([a] FOLLOWEDBY [b]) WITHIN 2 SECONDS", "a@0 a@5 b@6") == "nny");
}

TEST_CASE("a run that is given an earlier observation than before leaves the pattern undecided", "[match][pattern]") {
  CHECK(told("[a] AND [b]", "a@5 b@4 b@6") == "n??");
}

TEST_CASE("a run says the same as the evaluation of all observations at once", "[match][pattern]") {
  tocsin::test::Random random;
  std::vector<std::string> const patterns{"[a] REPEATS 4 TIMES WITHIN 3 SECONDS",
                                          "([a] FOLLOWEDBY [b] FOLLOWEDBY [c]) WITHIN 4 SECONDS",
                                          "(([a] AND [b]) WITHIN 2 SECONDS) REPEATS 3 TIMES",
                                          "([a] OR [b]) FOLLOWEDBY [c] REPEATS 2 TIMES WITHIN 5 SECONDS"};
  std::vector<std::string> const types{"a", "b", "c", "ab", "bc", "d", "d"};
  for (int round = 0; round < 400; ++round) {
    auto const pattern = pattern_of(random.pick(patterns));
    Seen what;
    double now = 0;
    for (int count = 0; count < 12; ++count) {
      now += double(random.below(3)) / 2;
      what.add(random.pick(types), second(now), second(now), 1);
    }
    Run run(pattern);
    Verdict verdict = Verdict::no;
    for (auto const& observation : what.observations) verdict = run.take(observation);
    CHECK(verdict == pattern.matches(what.observations));
  }
}

TEST_CASE("a long stream costs what is within the windows, not what went by", "[match][pattern]") {
  std::vector<std::string> const patterns{"([a] FOLLOWEDBY [b] FOLLOWEDBY [c]) WITHIN 60 SECONDS",
                                          "(([a] FOLLOWEDBY [b]) WITHIN 5 SECONDS) REPEATS 2000 TIMES WITHIN 9 SECONDS",
                                          "([a] AND [c]) REPEATS 3 TIMES",
                                          "[a] REPEATS 40000 TIMES WITHIN 20000 SECONDS"};
  for (auto const& text : patterns) {
    INFO(text);
    Run run(pattern_of(text));
    Seen pair;
    pair.add("a", 0, 0, 1);
    pair.add("b", 0, 0, 1);
    Verdict verdict = Verdict::no;
    for (int count = 0; count < 30'000 && verdict == Verdict::no; ++count) {
      auto const& objects = pair.observations[std::size_t(count % 2)].objects();
      verdict = run.take(Observation(second(count), {objects.begin(), objects.end()}));
    }
    CHECK(verdict == Verdict::no);
  }
}

TEST_CASE("a pattern with more ways to match than are followed is undecided, soon and for good", "[match][pattern]") {
  // Each part has its own window, so that no way to match is better than another.
  std::string text = "([a] AND [b]) WITHIN 1000 SECONDS";
  for (int nested = 0; nested < 20; ++nested)
    text = "(" + text + " AND (([a] FOLLOWEDBY [b]) WITHIN " + std::to_string(1000 + nested) + " SECONDS))";
  text = "(" + text + ") AND [c]";
  Run run(pattern_of(text));
  Seen what;
  Verdict verdict = Verdict::no;
  for (int count = 0; count < 200 && verdict == Verdict::no; ++count) {
    what.add("ab", second(count), second(count), 1);
    verdict = run.take(what.observations.back());
  }
  CHECK(verdict == Verdict::undecided);
  what.add("c", second(300), second(300), 1);
  CHECK(run.take(what.observations.back()) == Verdict::undecided);
}

TEST_CASE("an alternative that matches decides, though another is undecided", "[match][pattern]") {
  std::string text = "([a] AND [b]) WITHIN 1000 SECONDS";
  for (int nested = 0; nested < 20; ++nested)
    text = "(" + text + " AND (([a] FOLLOWEDBY [b]) WITHIN " + std::to_string(1000 + nested) + " SECONDS))";
  Seen what;
  for (int count = 0; count < 30; ++count) what.add("ab", second(count), second(count), 1);
  what.add("d", second(300), second(300), 1);
  CHECK(pattern_of("((" + text + ") AND [c]) OR [d]").matches(what.observations) == Verdict::yes);
}

}  // namespace tocsin::match::pattern::test
