// The evaluator against the standard taken by its word: every set of occurrences that a pattern may be bound to.
#include <algorithm>
#include <bit>
#include <set>

#include "schema/stix/pattern/parse.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/match_pattern/seen.hpp"

namespace tocsin::match::pattern::test {
namespace {

namespace ast = stix::pattern;
using Binding = std::uint32_t;  // a bit for each occurrence
using Bindings = std::set<Binding>;

struct Once {
  std::int64_t first, last;
  std::string types;
};

class Reference {
 public:
  explicit Reference(std::vector<Once> all) : all_(std::move(all)) {}

  Bindings bindings(ast::Observation const& expression) const {
    auto const* test = std::get_if<ast::Test>(&expression.node);
    Bindings out = test != nullptr ? of_test(*test) : of_combination(std::get<ast::Combination>(expression.node));
    for (auto const& qualifier : expression.qualifiers)
      out = std::visit([&](auto const& each) { return qualified(out, each); }, qualifier);
    return out;
  }

 private:
  static bool holds(ast::Test const& test, std::string const& types) {
    if (auto const* comparison = std::get_if<ast::Comparison>(&test.node)) return types.contains(comparison->path.type);
    return std::ranges::any_of(std::get<ast::Junction>(test.node).operands,
                               [&](ast::Test const& operand) { return holds(operand, types); });
  }

  Bindings of_test(ast::Test const& test) const {
    Bindings out;
    for (std::size_t at = 0; at < all_.size(); ++at)
      if (holds(test, all_[at].types)) out.insert(Binding{1} << at);
    return out;
  }

  Bindings of_combination(ast::Combination const& combination) const {
    Bindings out = bindings(combination.operands.front());
    for (std::size_t at = 1; at < combination.operands.size(); ++at) {
      Bindings const next = bindings(combination.operands[at]);
      if (combination.kind == ast::Combination::Kind::any)
        out.insert(next.begin(), next.end());
      else
        out = joined(out, next, combination.kind == ast::Combination::Kind::followed_by);
    }
    return out;
  }

  Bindings joined(Bindings const& left, Bindings const& right, bool in_order) const {
    Bindings out;
    for (Binding const one : left)
      for (Binding const other : right)
        if ((one & other) == 0 && (!in_order || last(one) <= first(other))) out.insert(one | other);
    return out;
  }

  Bindings qualified(Bindings const& from, ast::Repeats const& repeats) const {
    Bindings out = from;
    for (std::int64_t done = 1; done < repeats.times; ++done) out = joined(out, from, false);
    return out;
  }

  Bindings qualified(Bindings from, ast::Within const& within) const {
    std::erase_if(from, [&](Binding each) { return double(last(each) - first(each)) >= within.seconds * 1e9; });
    return from;
  }

  Bindings qualified(Bindings from, ast::StartStop const& range) const {
    std::erase_if(
        from, [&](Binding each) { return first(each) < instant(range.start) || last(each) >= instant(range.stop); });
    return from;
  }

  std::int64_t first(Binding binding) const {
    std::int64_t out = std::numeric_limits<std::int64_t>::max();
    for (; binding != 0; binding &= binding - 1) out = std::min(out, all_[size_t(std::countr_zero(binding))].first);
    return out;
  }

  std::int64_t last(Binding binding) const {
    std::int64_t out = std::numeric_limits<std::int64_t>::min();
    for (; binding != 0; binding &= binding - 1) out = std::max(out, all_[size_t(std::countr_zero(binding))].last);
    return out;
  }

  std::vector<Once> all_;
};

class Inventor {
 public:
  explicit Inventor(tocsin::test::Random& random) : random_(random) {}

  std::string expression(int depth) {
    std::string out = depth == 0 || random_.chance(25) ? test() : combination(depth);
    if (random_.chance(20)) out += " REPEATS " + std::to_string(1 + random_.below(3)) + " TIMES";
    if (random_.chance(25)) out += " WITHIN " + std::to_string(1 + random_.below(6)) + " SECONDS";
    if (random_.chance(10)) {
      auto const start = random_.below(4);
      out += " START {" + std::to_string(start) + "} STOP {" + std::to_string(start + 1 + random_.below(6)) + "}";
    }
    return out;
  }

  // Up to `most` occurrences, as observations and each by itself.
  std::pair<Seen, std::vector<Once>> world(std::size_t most) {
    static std::vector<std::string> const kTypes{"a", "b", "c", "a", "b", "ab", "bc", "abc", "d"};
    std::pair<Seen, std::vector<Once>> out;
    bool const lengths = random_.chance(40);
    while (out.second.size() < most) {
      auto const& types = random_.pick(kTypes);
      auto const first = second(double(random_.below(7)));
      auto const last = lengths && random_.chance(40) ? first + std::int64_t(random_.below(4)) * 1'000'000'000 : first;
      std::size_t const times = 1 + (random_.chance(15) ? random_.below(2) : 0);
      out.first.add(types, first, last, times);
      out.second.insert(out.second.end(), times, {first, last, types});
    }
    return out;
  }

 private:
  std::string test() {
    static std::vector<std::string> const kTests{"[a]", "[b]", "[c]", "[a:v = 1 OR b:v = 1]"};
    return random_.pick(kTests);
  }

  std::string combination(int depth) {
    static std::vector<std::string> const kWords{" AND ", " OR ", " FOLLOWEDBY ", " FOLLOWEDBY "};
    std::string const& word = random_.pick(kWords);
    std::string out = "(" + grouped(depth - 1);
    for (std::size_t more = 1 + random_.below(2); more > 0; --more) out += word + grouped(depth - 1);
    return out + ")";
  }

  std::string grouped(int depth) { return "(" + expression(depth) + ")"; }

  tocsin::test::Random& random_;
};

}  // namespace

TEST_CASE("a pattern matches exactly when a set of occurrences can be bound to it", "[match][pattern]") {
  tocsin::test::Random random;
  Inventor inventor(random);
  std::size_t matched = 0;
  std::size_t undecided = 0;
  std::size_t const rounds = tocsin::test::count_from("TOCSIN_PATTERNS", 10'000);
  for (std::size_t round = 0; round < rounds; ++round) {
    std::string const text = spelled_out(inventor.expression(3));
    auto const [what, once] = inventor.world(1 + random.below(6));
    auto const tree = stix::pattern::parse(text);
    REQUIRE(tree.has_value());
    bool const expected = !Reference(once).bindings(tree->root).empty();
    auto const pattern = Pattern::compile(*tree);
    REQUIRE(pattern.has_value());
    auto const verdict = pattern->matches(what.observations);
    undecided += verdict == Verdict::undecided ? 1 : 0;
    if (verdict == (expected ? Verdict::no : Verdict::yes)) {
      std::string world;
      for (auto const& each : once)
        world += each.types + "@" + std::to_string((each.first - second(0)) / 1'000'000'000) + "-" +
                 std::to_string((each.last - second(0)) / 1'000'000'000) + " ";
      INFO(text);
      INFO(world);
      CHECK(verdict == (expected ? Verdict::yes : Verdict::no));
    }
    matched += expected ? 1 : 0;
  }
  CHECK(matched > rounds / 10);  // or nothing was tested
  CHECK(matched < rounds * 9 / 10);
  CHECK(undecided <= rounds / 100);  // of patterns far larger than people write
}

}  // namespace tocsin::match::pattern::test
