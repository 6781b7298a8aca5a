#include "server/match/key_index.hpp"

#include <algorithm>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/unit/match/amount.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using Numbers = std::vector<IndicatorNumber>;

Numbers of(SetTable const& sets, SetId set) {
  Numbers out;
  for (auto const one : sets.members(set)) out.push_back(one);
  std::ranges::sort(out);
  return out;
}

// Of few letters, so that keys are met and are beginnings of each other; some with bytes that are no text.
std::string any_text(test::Random& random) {
  std::string out(random.below(9), 'a');
  for (auto& c : out) c = "ab\0"[random.below(3)];
  return out;
}

Field any_field(test::Random& random) { return random.chance(50) ? Field::domain : Field::user_agent; }

Numbers suffixes(KeyIndex const& index, SetTable const& sets, std::string_view domain) {
  Numbers out;
  index.find_suffixes(Field::domain, domain, [&](SetId set) {
    for (auto const one : sets.members(set)) out.push_back(one);
  });
  return out;
}

}  // namespace

TEST_CASE("What an index of keys finds is what a map finds, in the order of nothing but the keys themselves") {
  test::Random random;
  auto const wanted = test::lookups() / 4;
  std::map<Key, Numbers> expected;
  SetTable sets;
  KeyIndex index;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    Key const key{any_field(random), any_text(random)};
    auto const known = expected.find(key);
    wrong += of(sets, index.find(key.field, key.text)) != (known == expected.end() ? Numbers{} : known->second);
    if (!random.chance(1) || expected.size() > 20'000) continue;
    auto& numbers = expected[key];
    if (numbers.size() > 5) continue;
    numbers.push_back(static_cast<IndicatorNumber>(i));
    index.add(key.field, key.text, static_cast<IndicatorNumber>(i), sets);
  }
  CHECK(wrong == 0);
  std::map<Key, Numbers> told;
  index.each([&](Field field, std::string_view text, SetId set) { told[{field, std::string(text)}] = of(sets, set); });
  CHECK(told == expected);
}

TEST_CASE("A domain is found below each listed one, at the border of labels only") {
  SetTable sets;
  KeyIndex index;
  index.add(Field::domain, "example.net", 1, sets);
  index.add(Field::domain, "proxy.example.net", 2, sets);
  index.add(Field::email_domain, "net", 3, sets);
  CHECK(suffixes(index, sets, "example.net") == Numbers{1});
  CHECK(suffixes(index, sets, "a.b.proxy.example.net") == Numbers{2, 1});
  CHECK(suffixes(index, sets, "badexample.net").empty());
  CHECK(suffixes(index, sets, "net").empty());
  CHECK(suffixes(index, sets, "example.net.evil").empty());
}
