// What is found by texts between wildcards, held against RE2::Set, which knows nothing of such texts.
#include "server/match/literals.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/match/engine.hpp"
#include "server/match/looked_up.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using test::Random;

constexpr char const* kUserAgent = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'";

// Few letters, so that much is met; the last are composed by NFC, and one of them to a letter of ASCII.
std::string any_text(Random& random, std::size_t most, bool wild) {
  std::vector<std::string> const letters{"a", "b", "/", ".", "\n", "K", "ü", "u\xCC\x88", "\xE2\x84\xAA"};
  std::string out;
  for (auto left = 1 + random.below(most); left > 0; --left)
    out += wild && random.chance(30) ? random.pick<std::string>({"%", "_"}) : random.pick(letters);
  return out;
}

std::string expression(std::string_view like) {
  std::string out;
  for (auto const one : pattern::normal_text(like))
    out += one == '%' ? ".*" : one == '_' ? "." : one == '.' ? "\\." : std::string(1, one);
  return out;
}

// By their places.
std::vector<int> met_by_set(std::vector<Like> const& likes, Field field, std::string_view text) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  re2::RE2::Set set(options, re2::RE2::ANCHOR_BOTH);
  for (auto const& like : likes) REQUIRE(set.Add(expression(like.text), nullptr) >= 0);
  REQUIRE(set.Compile());
  std::vector<int> out, met;
  set.Match(pattern::normal_text(text), &met);
  for (auto const one : met)
    if (likes[static_cast<std::size_t>(one)].field == field) out.push_back(one);
  std::ranges::sort(out);
  return out;
}

// All are of one asserter.
std::int64_t nobody(IndicatorNumber) { return 0; }

std::vector<int> numbers(SetTable const& sets, std::vector<SetId> const& found) {
  std::vector<int> out;
  for (auto const set : found)
    for (auto const number : sets.members(set)) out.push_back(static_cast<int>(number));
  std::ranges::sort(out);
  return out;
}

constexpr std::size_t kEnough = 1 << 20;
bool seen(SetId) { return true; }

Item with(Field field, std::string_view text) {
  Item out;
  out.keys.push_back(test::key(field, text));
  return out;
}

Entry entry_of(std::uint8_t number, std::string_view kind, std::string const& text) {
  auto out = test::entry(number, "");
  add_values(out, kind, text);
  return out;
}

}  // namespace

TEST_CASE("Texts with wildcards meet what RE2::Set says, or are left out", "[match][literals]") {
  Random random;
  std::size_t met = 0;
  for (std::size_t round = 0; round < 200; ++round) {
    SetTable sets;
    Literals literals;
    std::vector<Like> likes;
    for (auto count = 1 + random.below(60); count > 0; --count) {
      likes.push_back({random.chance(80) ? Field::user_agent : Field::domain, any_text(random, 5, true)});
      literals.add(likes.back(), static_cast<IndicatorNumber>(likes.size() - 1), sets);
    }
    literals.compile(sets, nobody);
    std::vector<SetId> left_out;
    literals.each_left_out([&](SetId set) { left_out.push_back(set); });
    auto const not_looked_up = numbers(sets, left_out);
    for (std::size_t at = 0; at < likes.size(); ++at)
      CHECK(std::ranges::binary_search(not_looked_up, static_cast<int>(at)) ==
            (likes[at].text.find_first_not_of("%_") == std::string::npos));
    for (int subject = 0; subject < 20; ++subject) {
      auto const text = any_text(random, 8, false);
      auto expected = met_by_set(likes, Field::user_agent, text);
      std::erase_if(expected, [&](int one) { return std::ranges::binary_search(not_looked_up, one); });
      std::vector<SetId> found;
      auto left = kEnough;
      REQUIRE(literals.find(Field::user_agent, text, seen, left, found));
      REQUIRE(numbers(sets, found) == expected);
      met += found.size();
    }
  }
  CHECK(met > 300);
}

TEST_CASE("A user agent with a wildcard is counted as unindexed until it is folded, and then found",
          "[match][literals]") {
  Engine engine;
  auto const one = entry_of(1, "user-agent", std::string("[") + kUserAgent + " LIKE 'tool/_']");
  engine.apply(std::vector<Change>{test::change(one)}, 1);
  auto const hits = [&](std::string_view text) {
    return engine.match(with(Field::user_agent, text), test::seeing_class_1()).hits.size();
  };
  CHECK(engine.unindexed(test::seeing_class_1()) == 1);
  CHECK(hits("tool/1") == 0);
  engine.fold();
  CHECK(engine.unindexed(test::seeing_class_1()) == 0);
  CHECK(hits("tool/1") == 1);
  CHECK(hits("tool/12") == 0);
  CHECK(hits("a tool/1") == 0);
  engine.apply(std::vector<Change>{test::change(test::entry(2))}, 2);
  engine.fold();
  CHECK(hits("tool/1") == 1);
}

TEST_CASE("Wildcards that much meets are held against it within a bound, and hidden ones take nothing of it",
          "[match][literals]") {
  Engine engine;
  std::vector<Change> changes;
  for (std::uint8_t number = 1; number <= 100; ++number) {
    auto one =
        entry_of(number, "user-agent", std::string("[") + kUserAgent + " LIKE '%aaa" + std::string(number, '_') + "']");
    one.classes = {number <= 50 ? 1u : 2u};
    changes.push_back(test::change(one));
  }
  engine.apply(changes, 1);
  engine.fold();
  auto filter = test::seeing_class_1();
  filter.most_postings = 50 * Literals::kCost;
  auto const item = with(Field::user_agent, "aaa 7");
  CHECK(engine.match(item, filter).hits.size() == 1);
  CHECK(engine.match(item, filter).complete);
  --filter.most_postings;
  CHECK_FALSE(engine.match(item, filter).complete);
}

TEST_CASE("A pattern is looked up by the text that fewest others share, and not by what every browser says",
          "[match][literals]") {
  constexpr std::size_t kMany = 1'000;
  // What all patterns share; what each has of its own.
  auto const [shared, own] = GENERATE(std::pair("%a long text of nobody else% tool", "/_%"),
                                      std::pair("%Mozilla/5.0 (X11; Linux x86_64% tool", "/_%"),
                                      std::pair("%Mozilla/5.0%like Gecko% tool", "/_%a%"));
  SetTable sets;
  Literals literals;
  for (std::size_t at = 0; at < kMany; ++at)
    literals.add({Field::user_agent, shared + std::to_string(kMany + at) + own}, static_cast<IndicatorNumber>(at),
                 sets);
  literals.compile(sets, nobody);
  auto const tried = [&](std::string const& text, std::vector<int> const& expected) {
    std::vector<SetId> found;
    auto left = kEnough;
    REQUIRE(literals.find(Field::user_agent, text, seen, left, found));
    CHECK(numbers(sets, found) == expected);
    return (kEnough - left) / Literals::kCost;
  };
  std::string const browser =
      "a long text of nobody else Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0";
  CHECK(tried(browser, {}) == 0);
  CHECK(tried(browser + " tool1007/1 a", {7}) == 1);
}

TEST_CASE("A text of browsers or of few letters is not looked for where a pattern has another, however few share it",
          "[match][literals]") {
  SetTable sets;
  Literals literals;
  literals.add({Field::user_agent, "%Windows NT 10.0; Win64% one tool/%"}, 0, sets);
  literals.add({Field::user_agent, "%zq% one tool/%"}, 1, sets);
  literals.compile(sets, nobody);
  std::vector<SetId> found;
  auto left = kEnough;
  CHECK(literals.find(Field::user_agent, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) zq", seen, left, found));
  CHECK(left == kEnough);
  CHECK(literals.find(Field::user_agent, "Mozilla/5.0 (Windows NT 10.0; Win64) one tool/", seen, left, found));
  CHECK(numbers(sets, found) == std::vector<int>{0});
}

TEST_CASE("A name with a wildcard meets the names below it", "[match][literals]") {
  Engine engine;
  auto const one = entry_of(1, "proxy-domain", "[domain-name:value LIKE 'exit-_.example']");
  engine.apply(std::vector<Change>{test::change(one)}, 1);
  engine.fold();
  auto const hits = [&](std::string_view text) {
    return engine.match(with(Field::domain, text), test::seeing_class_1()).hits.size();
  };
  CHECK(hits("exit-1.example") == 1);
  CHECK(hits("a.exit-1.example") == 1);
  CHECK(hits("exit-10.example") == 0);
}

TEST_CASE("Beyond the most, texts are left out, the newest first; so is one that is too long", "[match][literals]") {
  SetTable sets;
  Literals literals;
  for (std::size_t at = 0; at <= Literals::kMost; ++at)
    literals.add({Field::user_agent, "tool " + std::to_string(at) + " %"}, static_cast<IndicatorNumber>(at), sets);
  literals.add({Field::user_agent, std::string(Literals::kLongest, 'a') + "%"}, Literals::kMost + 1, sets);
  literals.compile(sets, nobody);
  std::vector<SetId> left_out;
  literals.each_left_out([&](SetId set) { left_out.push_back(set); });
  CHECK(numbers(sets, left_out) == std::vector<int>{Literals::kMost, Literals::kMost + 1});
  std::vector<SetId> found;
  auto left = kEnough;
  CHECK(literals.find(Field::user_agent, "tool 9999 of theirs", seen, left, found));
  CHECK(numbers(sets, found) == std::vector<int>{9'999});
}

TEST_CASE("Whoever has very many texts leaves the others' looked up", "[match][literals]") {
  SetTable sets;
  Literals literals;
  for (std::size_t at = 0; at < Literals::kMost + 3; ++at)
    literals.add({Field::user_agent, "%flood " + std::to_string(at) + "%"}, static_cast<IndicatorNumber>(at), sets);
  auto const last = static_cast<IndicatorNumber>(Literals::kMost + 3);
  literals.add({Field::user_agent, "%quiet%"}, last, sets);
  literals.add({Field::user_agent, "%flood 10002%"}, last + 1, sets);
  literals.compile(sets, [&](IndicatorNumber number) -> std::int64_t { return number >= last ? 2 : 1; });
  std::vector<SetId> left_out;
  literals.each_left_out([&](SetId set) { left_out.push_back(set); });
  auto const numbers_left = numbers(sets, left_out);
  CHECK(numbers_left.size() == 4);
  for (auto const number : numbers_left) CHECK(number < static_cast<int>(Literals::kMost + 3));
}
