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
  std::size_t left = PrintIndex::kMostPostings;
  CHECK(index.find(prompt, left, met));
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

TEST_CASE("Of a prompt with too many postings the rarest fingerprints are looked up, and it is said", "[match]") {
  SetTable sets;
  Prints given;
  for (IndicatorNumber number = 0; number < 200; ++number) given.add(some(1, 30), number);
  given.add(some(10'000, 10), 200);
  PrintIndex const index(std::move(given), sets);
  auto prompt = some(1, 30);
  std::ranges::copy(some(10'000, 10), std::back_inserter(prompt));
  auto const met_by = [&](std::size_t& left, bool complete) {
    std::vector<PrintIndex::Met> met;
    CHECK(index.find(prompt, left, met) == complete);
    return met.size();
  };
  std::size_t enough = 200 * 30 + 10, few = 150, none = 0;
  CHECK(met_by(enough, true) == 201);
  CHECK(enough == 0);
  CHECK(met_by(few, false) == 1);
  CHECK(few == 140);
  CHECK(met_by(none, false) == 0);
  prompt = some(50'000, 10);  // in no template: there is nothing to look at
  CHECK(met_by(none, true) == 0);
}

TEST_CASE("However many copies of a template there are, one prompt costs no more than its bound", "[match]") {
  SetTable sets;
  Prints given;
  constexpr std::size_t kEach = 1'000;
  for (IndicatorNumber number = 0; number < 2 * PrintIndex::kMostPostings / kEach; ++number)
    given.add(some(1, kEach), number);
  PrintIndex const index(std::move(given), sets);
  std::vector<PrintIndex::Met> met;
  constexpr std::size_t kAllowed = 1u << 30;
  std::size_t left = kAllowed;
  CHECK_FALSE(index.find(some(1, kEach), left, met));
  CHECK(kAllowed - left <= PrintIndex::kMostPostings);
}

TEST_CASE("A question says when its prompts were not all looked up, and what else it asks is answered", "[match]") {
  Engine engine;
  std::vector<Change> changes{test::change(test::entry(250))};
  for (std::uint8_t number = 0; number < 100; ++number) {
    auto one = test::entry(number, "");
    one.prints = some(1, 30);
    changes.push_back(test::change(one));
  }
  engine.apply(changes, 1);
  auto filter = test::seeing_class_1();
  auto item = test::at("192.0.2.7");
  item.prints = some(1, 30);
  for (int round = 0; round < 2; ++round) {
    filter.most_postings = 3'000;
    CHECK(engine.match(item, filter).complete);
    CHECK(engine.match(item, filter).hits.size() == 101);
    filter.most_postings = 2'999;
    CHECK_FALSE(engine.match(item, filter).complete);
    CHECK_FALSE(engine.match(std::vector(2, item), filter).complete);
    auto const last = engine.match(std::vector(2, item), filter).hits.back();
    CHECK(last.item == 1);
    CHECK(last.field == Field::address);
    engine.fold();
  }
}

TEST_CASE("Hidden templates change neither a score nor whether an answer is complete", "[match]") {
  auto shown = test::entry(200, "");
  shown.prints = some(1, 40);
  std::vector<Change> changes{test::change(shown)};
  Engine engine;
  engine.apply(changes, 1);
  auto filter = test::seeing_class_1();
  filter.most_postings = 100;
  Item item;
  item.prints = some(1, 20);
  auto const before = engine.match(item, filter);
  CHECK(before.hits.front().score == 0.5F);
  for (std::uint8_t number = 0; number < 150; ++number) {
    auto hidden = test::entry(number, "");
    hidden.classes = {2};
    hidden.prints = some(1, 20);  // so common among all that it would weigh nothing
    changes.push_back(test::change(hidden));
  }
  engine.apply(changes, 2);
  for (int round = 0; round < 2; ++round) {
    auto const after = engine.match(item, filter);
    CHECK(after.hits == before.hits);
    CHECK(after.complete);
    CHECK_FALSE(engine
                    .match(item,
                           [&] {
                             auto of_hidden = test::seeing({0b100});
                             of_hidden.most_postings = 100;
                             return of_hidden;
                           }())
                    .complete);
    engine.fold();
  }
}
