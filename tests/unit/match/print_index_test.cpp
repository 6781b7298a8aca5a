#include "server/match/print_index.hpp"

#include <algorithm>
#include <map>

#include "server/match/engine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using kinds::Print;
using kinds::prints_of;
using Texts = std::map<IndicatorNumber, std::vector<Print>>;

std::vector<Print> some(Print first, std::size_t count) {
  std::vector<Print> out(count);
  for (auto& one : out) one = first++;
  return out;
}

// Scores by indicator.
std::map<IndicatorNumber, float> found(Texts const& templates, std::vector<Print> const& prompt) {
  SetTable sets;
  Prints given;
  for (auto const& [number, prints] : templates) given.add(prints, number);
  PrintIndex const index(std::move(given), sets);
  std::vector<PrintIndex::Met> met;
  index.find(prompt, met);
  std::map<IndicatorNumber, float> out;
  for (auto const& one : met) out[sets.newest(one.set)] = one.score;
  return out;
}

Item prompt(std::string_view text) {
  Item out;
  out.prints = prints_of(text);
  return out;
}

}  // namespace

TEST_CASE("A template is met by a prompt that has three of its fingerprints and a fifth of them", "[match]") {
  CHECK(found({{7, some(1, 10)}}, some(1, 3)) == std::map<IndicatorNumber, float>{{7, 0.3F}});
  CHECK(found({{7, some(1, 10)}}, some(1, 2)).empty());
  CHECK(found({{7, some(1, 15)}}, some(1, 3)) == std::map<IndicatorNumber, float>{{7, 0.2F}});
  CHECK(found({{7, some(1, 16)}}, some(1, 3)).empty());
  CHECK(found({{7, some(1, 3)}, {8, some(2, 3)}}, some(0, 50)) == std::map<IndicatorNumber, float>{{7, 1}, {8, 1}});
  CHECK(found({}, some(1, 50)).empty());
}

TEST_CASE("What is found is what a pass over every template finds", "[match]") {
  test::Random random;
  for (int round = 0; round < 200; ++round) {
    auto const any = [&](std::size_t most) {
      std::vector<Print> out(random.below(most));
      // Many with equal upper bits, or equal lower ones, as somebody might choose them.
      for (auto& one : out) one = random.chance(50) ? random.below(100) : Print{random.below(100)} << 57;
      std::ranges::sort(out);
      out.erase(std::ranges::unique(out).begin(), out.end());
      return out;
    };
    Texts templates;
    for (IndicatorNumber number = 0; number < 50; ++number)
      if (auto prints = any(40); !prints.empty()) templates.emplace(number, std::move(prints));
    auto const asked = any(120);
    std::map<IndicatorNumber, float> expected;
    for (auto const& [number, prints] : templates) {
      std::vector<Print> both;
      std::ranges::set_intersection(prints, asked, std::back_inserter(both));
      if (both.size() >= kinds::least_shared(prints.size()))
        expected[number] = static_cast<float>(both.size()) / static_cast<float>(prints.size());
    }
    bool const same = found(templates, asked) == expected;
    REQUIRE(same);
  }
}

TEST_CASE("What many templates have in common weighs nothing, unless they are made of little else", "[match]") {
  Texts templates;
  for (IndicatorNumber number = 0; number < 100; ++number) {
    auto& prints = templates[number] = some(1, 10);  // the same in all
    std::ranges::copy(some(1'000 * (number + 1), 30), std::back_inserter(prints));
  }
  CHECK(found(templates, some(1, 10)).empty());  // a quarter of each
  CHECK(found(templates, some(5'000, 30)) == std::map<IndicatorNumber, float>{{4, 1}});
  // As copies of a template would: it is still found.
  for (IndicatorNumber number = 100; number < 200; ++number) templates[number] = some(5'000, 30);
  CHECK(found(templates, some(5'000, 30)).size() == 101);
}

TEST_CASE("A prompt meets the template whatever stands in its slots, before and after it was folded", "[match]") {
  std::string const text =
      "Score the candidate from zero to ten against each criterion.\nRubric: {rubric}\nCandidate: {candidate}\n"
      "Reply with one number for every criterion and nothing else at all.";
  auto of = test::entry(1, "");
  of.prints = prints_of(text);
  Engine engine;
  engine.apply(std::vector{test::change(of)}, 1);
  auto const filter = test::seeing_class_1();
  auto const asked = prompt(
      "Score the candidate from zero to ten against each criterion.\nRubric: clarity\nCandidate: it rains\n"
      "Reply with one number for every criterion and nothing else at all.");
  for (int round = 0; round < 3; ++round) {
    auto const answer = engine.match(asked, filter);
    REQUIRE(answer.hits.size() == 1);
    CHECK(answer.hits.front().field == Field::prompt);
    CHECK(answer.hits.front().score == 1);
    CHECK(engine.match(prompt("What is the capital of a country where it rains?"), filter).hits.empty());
    CHECK(engine.match(asked, test::seeing({0b100})).hits.empty());
    CHECK(engine.unindexed(filter) == 0);
    engine.fold();
  }
}

TEST_CASE("A template with fewer than three fingerprints is counted as what nothing is held against", "[match]") {
  auto of = test::entry(1, "");
  of.prints = some(1, 2);
  Engine engine;
  engine.apply(std::vector{test::change(of)}, 1);
  CHECK(engine.unindexed(test::seeing_class_1()) == 1);
}
