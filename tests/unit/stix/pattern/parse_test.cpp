#include "schema/stix/pattern/parse.hpp"

#include <fstream>
#include <utility>

#include "tests/support/catch.hpp"

namespace {

namespace pattern = tocsin::stix::pattern;
using tocsin::stix::Timestamp;

// Lines of a table in tests/cases/patterns without its comments.
std::vector<std::string> rows(std::string const& name) {
  std::ifstream file("tests/cases/patterns/" + name);
  REQUIRE(file.is_open());
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) out.push_back(line);
  }
  return out;
}

pattern::Pattern parsed(std::string const& text) {
  auto result = pattern::parse(text);
  INFO(text);
  INFO((result ? "" : result.error().detail));
  REQUIRE(result.has_value());
  return std::move(*result);
}

std::string refusal(std::string const& text, pattern::Limits limits = {}) {
  auto const result = pattern::parse(text, limits);
  INFO(text);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == tocsin::core::Code::pattern_invalid);
  return result.error().detail;
}

pattern::Test const& test_of(pattern::Pattern const& pattern) { return std::get<pattern::Test>(pattern.root.node); }

pattern::Comparison only_comparison(std::string const& text) {
  return std::get<pattern::Comparison>(test_of(parsed(text)).node);
}

template <class T>
T only_value(std::string const& text) {
  return std::get<T>(only_comparison(text).values.at(0));
}

std::string nested(std::size_t depth, std::string const& inside) {
  return std::string(depth, '(') + inside + std::string(depth, ')');
}

using CombinationKind = pattern::Combination::Kind;
using JunctionKind = pattern::Junction::Kind;

}  // namespace

TEST_CASE("every pattern of the table of valid ones parses", "[stix][pattern]") {
  auto const all = rows("valid.txt");
  CHECK(all.size() >= 120);
  for (auto const& text : all) {
    auto const result = pattern::parse(text);
    INFO(text);
    INFO((result ? "" : result.error().detail));
    CHECK(result.has_value());
  }
}

TEST_CASE("every pattern of the table of invalid ones is refused at its column", "[stix][pattern]") {
  auto const all = rows("invalid.txt");
  CHECK(all.size() >= 120);
  for (auto const& row : all) {
    auto const tab = row.rfind('\t');
    INFO(row);
    REQUIRE(tab != std::string::npos);
    auto const result = pattern::parse(std::string_view(row).substr(0, tab));
    CHECK_FALSE(result.has_value());
    if (result) continue;
    INFO(result.error().detail);
    CHECK(result.error().code == tocsin::core::Code::pattern_invalid);
    CHECK(result.error().detail.starts_with("column " + row.substr(tab + 1) + ": expected "));
    CHECK(result.error().detail.find(", found ") != std::string::npos);
  }
}

TEST_CASE("a refusal says where, what was expected and what was found", "[stix][pattern]") {
  CHECK(refusal("[file:size = ]") == "column 14: expected a constant, found ']'");
  CHECK(refusal("[(file:name )]") == "column 13: expected a comparison operator, found ')'");
  CHECK(refusal("") == "column 1: expected '[' or '(', found the end of the pattern");
  CHECK(refusal("[a:b = 1] within") ==
        "column 11: expected AND, OR, FOLLOWEDBY, a qualifier or the end of the pattern, found 'within'");
  CHECK(refusal("[a:b-c = 1]") == "column 4: expected a property name, in quotes if it has a hyphen, found 'b-c'");
  CHECK(refusal("[a:b = 1]\x01") ==
        "column 10: expected AND, OR, FOLLOWEDBY, a qualifier or the end of the pattern, found the byte 0x01");
}

TEST_CASE("a refusal does not repeat long input", "[stix][pattern]") {
  std::string const secret(100, 's');
  CHECK(refusal("[a:b = " + secret + "]") == "column 8: expected a constant, found a long name");
  CHECK(refusal("[a:b '" + secret + "']") == "column 6: expected a comparison operator, found a string");
}

TEST_CASE("the remedy for an impossible AND names OR", "[stix][pattern]") {
  auto const result = pattern::parse("[file:name = 'a' AND url:value = 'b']");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail ==
        "column 22: expected a comparison of the same object type as before AND, found one of another");
  CHECK(result.error().remedy.find("OR") != std::string::npos);
}

TEST_CASE("AND binds tighter than OR in a comparison expression", "[stix][pattern]") {
  auto const tree = parsed("[a:x = 1 OR a:y = 2 AND a:z = 3]");
  CHECK(tree == parsed("[a:x = 1 OR (a:y = 2 AND a:z = 3)]"));
  CHECK(tree != parsed("[(a:x = 1 OR a:y = 2) AND a:z = 3]"));
  auto const& any = std::get<pattern::Junction>(test_of(tree).node);
  CHECK(any.kind == JunctionKind::any);
  REQUIRE(any.operands.size() == 2);
  CHECK(std::holds_alternative<pattern::Comparison>(any.operands[0].node));
  auto const& all = std::get<pattern::Junction>(any.operands[1].node);
  CHECK(all.kind == JunctionKind::all);
  CHECK(all.operands.size() == 2);
}

TEST_CASE("AND binds tighter than OR, and OR than FOLLOWEDBY, between observations", "[stix][pattern]") {
  auto const tree = parsed("[a:a = 1] FOLLOWEDBY [b:b = 2] OR [c:c = 3] AND [d:d = 4]");
  CHECK(tree == parsed("[a:a = 1] FOLLOWEDBY ([b:b = 2] OR ([c:c = 3] AND [d:d = 4]))"));
  auto const& sequence = std::get<pattern::Combination>(tree.root.node);
  CHECK(sequence.kind == CombinationKind::followed_by);
  REQUIRE(sequence.operands.size() == 2);
  auto const& any = std::get<pattern::Combination>(sequence.operands[1].node);
  CHECK(any.kind == CombinationKind::any);
  REQUIRE(any.operands.size() == 2);
  CHECK(std::get<pattern::Combination>(any.operands[1].node).kind == CombinationKind::all);

  auto const mirrored = parsed("[a:a = 1] AND [b:b = 2] OR [c:c = 3] FOLLOWEDBY [d:d = 4]");
  CHECK(mirrored == parsed("(([a:a = 1] AND [b:b = 2]) OR [c:c = 3]) FOLLOWEDBY [d:d = 4]"));
}

TEST_CASE("parentheses without meaning leave no trace", "[stix][pattern]") {
  CHECK(parsed("[((a:b = 1))]") == parsed("[a:b = 1]"));
  CHECK(parsed("(([a:b = 1]))") == parsed("[a:b = 1]"));
  CHECK(parsed("[a:x = 1 AND (a:y = 2 AND a:z = 3)]") == parsed("[a:x = 1 AND a:y = 2 AND a:z = 3]"));
  CHECK(parsed("[a:a = 1] OR ([b:b = 2] OR [c:c = 3])") == parsed("[a:a = 1] OR [b:b = 2] OR [c:c = 3]"));
}

TEST_CASE("FOLLOWEDBY is read from the left", "[stix][pattern]") {
  auto const tree = parsed("[a:a = 1] FOLLOWEDBY [b:b = 2] FOLLOWEDBY [c:c = 3]");
  CHECK(tree == parsed("([a:a = 1] FOLLOWEDBY [b:b = 2]) FOLLOWEDBY [c:c = 3]"));
  CHECK(tree != parsed("[a:a = 1] FOLLOWEDBY ([b:b = 2] FOLLOWEDBY [c:c = 3])"));
}

TEST_CASE("a qualifier belongs to the nearest observation or to the parenthesis before it", "[stix][pattern]") {
  auto const near = parsed("[a:a = 1] AND [b:b = 2] WITHIN 5 SECONDS");
  CHECK(near.root.qualifiers.empty());
  auto const& operands = std::get<pattern::Combination>(near.root.node).operands;
  CHECK(operands.at(0).qualifiers.empty());
  REQUIRE(operands.at(1).qualifiers.size() == 1);
  CHECK(std::get<pattern::Within>(operands[1].qualifiers[0]).seconds == 5);

  auto const whole = parsed("([a:a = 1] AND [b:b = 2]) WITHIN 5 SECONDS");
  REQUIRE(whole.root.qualifiers.size() == 1);
  CHECK(whole != near);
}

TEST_CASE("several qualifiers are kept in their order", "[stix][pattern]") {
  auto const tree =
      parsed("[a:b = 1] REPEATS 5 TIMES WITHIN 0.5 SECONDS START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'");
  REQUIRE(tree.root.qualifiers.size() == 3);
  CHECK(std::get<pattern::Repeats>(tree.root.qualifiers[0]).times == 5);
  CHECK(std::get<pattern::Within>(tree.root.qualifiers[1]).seconds == 0.5);
  auto const& range = std::get<pattern::StartStop>(tree.root.qualifiers[2]);
  CHECK(range.start == *Timestamp::parse("2026-01-01T00:00:00Z"));
  CHECK(range.stop == *Timestamp::parse("2026-01-02T00:00:00Z"));
  CHECK(tree == parsed("([a:b = 1] REPEATS 5 TIMES) WITHIN 0.5 SECONDS "
                       "START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'"));
}

TEST_CASE("constants have their values", "[stix][pattern]") {
  CHECK(only_value<std::int64_t>("[a:b = -9223372036854775808]") == std::numeric_limits<std::int64_t>::min());
  CHECK(only_value<std::int64_t>("[a:b = +7]") == 7);
  CHECK(only_value<double>("[a:b = -.5]") == -0.5);
  CHECK(only_value<double>("[a:b = +00.25]") == 0.25);
  CHECK(only_value<bool>("[a:b = true]"));
  CHECK_FALSE(only_value<bool>("[a:b = false]"));
  CHECK(only_value<std::string>(R"([a:b = 'it\'s \\ here'])") == R"(it's \ here)");
  CHECK(only_value<std::string>("[a:b LIKE '']").empty());
  CHECK(only_value<pattern::Hex>("[a:b = h'00fF']").bytes == std::string("\x00\xFF", 2));
  CHECK(only_value<pattern::Binary>("[a:b = b'dGVzdA==']").bytes == "test");
  CHECK(only_value<Timestamp>("[a:b = t'2026-01-01T00:00:00.5Z']") == *Timestamp::parse("2026-01-01T00:00:00.500Z"));
}

TEST_CASE("a number is an integer or a float as it is written", "[stix][pattern]") {
  CHECK(parsed("[a:b = 7]") != parsed("[a:b = 7.0]"));
  CHECK(parsed("[a:b = 7.0]") == parsed("[a:b = 7.000]"));
}

TEST_CASE("an object path keeps its type and steps", "[stix][pattern]") {
  auto const path = only_comparison("[x-y:a.'b c'[0][*].d_ref.e = 1]").path;
  CHECK(path.type == "x-y");
  std::vector<pattern::Step> const expected{std::string("a"),        std::string("b c"),   std::int64_t{0},
                                            pattern::EveryElement{}, std::string("d_ref"), std::string("e")};
  CHECK(path.steps == expected);
}

TEST_CASE("a set keeps its constants in their order", "[stix][pattern]") {
  auto const comparison = only_comparison("[a:b NOT IN (3, 'x', 3)]");
  CHECK(comparison.op == pattern::Operator::in);
  CHECK(comparison.negated);
  CHECK(comparison.values == std::vector<pattern::Literal>{std::int64_t{3}, std::string("x"), std::int64_t{3}});
  CHECK(only_comparison("[a:b IN ()]").values.empty());
}

TEST_CASE("EXISTS has no constant and may be negated", "[stix][pattern]") {
  auto const plain = only_comparison("[EXISTS a:b]");
  CHECK(plain.op == pattern::Operator::exists);
  CHECK_FALSE(plain.negated);
  CHECK(plain.values.empty());
  CHECK(only_comparison("[NOT EXISTS a:b]").negated);
}

TEST_CASE("the two spellings of equality and of inequality are one operator each", "[stix][pattern]") {
  CHECK(parsed("[a:b == 1]") == parsed("[a:b = 1]"));
  CHECK(parsed("[a:b <> 1]") == parsed("[a:b != 1]"));
  CHECK(parsed("[a:b NOT = 1]") != parsed("[a:b != 1]"));
}

TEST_CASE("blanks of every kind and comments mean nothing", "[stix][pattern]") {
  auto const plain = parsed("[a:b = 1 AND a:c = 2]");
  for (std::string const& blank :
       {std::string(" \t\r\n\v\f"), std::string("\u0085"), std::string("\u00a0"), std::string("\u1680"),
        std::string("\u2000\u200a"), std::string("\u2028\u2029"), std::string("\u202f"), std::string("\u205f\u3000"),
        std::string("/* ' ] */"), std::string("/***/"), std::string("// '\n"), std::string("// x\r//\n")}) {
    INFO(blank);
    CHECK(parsed(blank + "[" + blank + "a:b" + blank + "=" + blank + "1" + blank + "AND" + blank + "a:c=2]" + blank) ==
          plain);
  }
  CHECK(refusal("\u200b[a:b = 1]") == "column 1: expected '[' or '(', found the byte 0xe2");
  CHECK(refusal("\ufeff[a:b = 1]") == "column 1: expected '[' or '(', found the byte 0xef");
}

TEST_CASE("a string that is not UTF-8 is refused", "[stix][pattern]") {
  CHECK(refusal("[a:b = '\xC0\xAF']") == "column 8: expected UTF-8 in this string, found other bytes");
}

TEST_CASE("a number outside the range of doubles is refused", "[stix][pattern]") {
  std::string const huge(400, '9');
  CHECK(refusal("[a:b = " + huge + ".0]").starts_with("column 8: expected a number within the range"));
  CHECK(refusal("[a:b = 1] WITHIN " + huge + " SECONDS").starts_with("column 18: expected a number within the range"));
}

TEST_CASE("the limit on bytes is enforced to the byte", "[stix][pattern][limits]") {
  std::string const text = "[a:b = 1]";
  CHECK(pattern::parse(text, {.bytes = text.size()}).has_value());
  CHECK(refusal(text, {.bytes = text.size() - 1}) == "column 9: expected at most 8 bytes, found 9");
}

TEST_CASE("the limit on depth counts both kinds of parentheses together", "[stix][pattern][limits]") {
  std::string const comparison = "a:b = 1";
  CHECK(pattern::parse(nested(2, "[" + nested(3, comparison) + "]"), {.depth = 5}).has_value());
  CHECK(refusal(nested(2, "[" + nested(3, comparison) + "]"), {.depth = 4}) ==
        "column 6: expected at most 4 nested parentheses, found more");
  CHECK(refusal(nested(3, "[" + comparison + "]"), {.depth = 2}) ==
        "column 3: expected at most 2 nested parentheses, found more");
  // Side by side is not nested.
  CHECK(pattern::parse("([a:b = 1]) AND [(a:b = 1) OR (a:b = 2)]", {.depth = 1}).has_value());
  CHECK(refusal(std::string(60'000, '(')).starts_with("column 65: "));
}

TEST_CASE("the limit on comparisons counts the whole pattern", "[stix][pattern][limits]") {
  std::string const text = "[a:b = 1 OR a:b = 2] AND [EXISTS a:b]";
  CHECK(pattern::parse(text, {.comparisons = 3}).has_value());
  CHECK(refusal(text, {.comparisons = 2}) == "column 27: expected at most 2 comparisons, found more");
}
