#include "schema/stix/pattern/print.hpp"

#include <fstream>

#include "schema/stix/pattern/parse.hpp"
#include "tests/support/catch.hpp"

namespace {

namespace pattern = tocsin::stix::pattern;

std::string canonical(std::string const& text) {
  auto const result = pattern::parse(text);
  INFO(text);
  REQUIRE(result.has_value());
  return pattern::print(*result);
}

}  // namespace

TEST_CASE("printing and parsing again gives every valid pattern's tree", "[stix][pattern][print]") {
  std::ifstream file("tests/cases/patterns/valid.txt");
  REQUIRE(file.is_open());
  int seen = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    ++seen;
    auto const first = pattern::parse(line);
    INFO(line);
    REQUIRE(first.has_value());
    std::string const text = pattern::print(*first);
    INFO(text);
    auto const second = pattern::parse(text);
    REQUIRE(second.has_value());
    CHECK(*second == *first);
    CHECK(pattern::print(*second) == text);
  }
  CHECK(seen >= 120);
}

TEST_CASE("canonical text has single spaces and one spelling of each operator", "[stix][pattern][print]") {
  CHECK(canonical("[ a:b==1/* */AND a:c<>'x' ]//") == "[a:b = 1 AND a:c != 'x']");
  CHECK(canonical("[a:b NOT IN(1,2.50 ,'x')]") == "[a:b NOT IN (1, 2.5, 'x')]");
  CHECK(canonical("[a:b IN()]") == "[a:b IN ()]");
  CHECK(canonical("[NOT  EXISTS a:b[ * ] [ +2 ]]") == "[NOT EXISTS a:b[*][2]]");
  CHECK(canonical("[a:b>=1]REPEATS +2 TIMES") == "[a:b >= 1] REPEATS 2 TIMES");
}

TEST_CASE("canonical text keeps only the parentheses that change the meaning", "[stix][pattern][print]") {
  CHECK(canonical("[((a:x = 1) AND (a:y = 2 OR a:z = 3))]") == "[a:x = 1 AND (a:y = 2 OR a:z = 3)]");
  CHECK(canonical("[(a:x = 1 AND a:y = 2) OR a:z = 3]") == "[a:x = 1 AND a:y = 2 OR a:z = 3]");
  CHECK(canonical("([a:a = 1] AND [b:b = 2]) OR ([c:c = 3])") == "[a:a = 1] AND [b:b = 2] OR [c:c = 3]");
  CHECK(canonical("([a:a = 1] OR [b:b = 2]) AND [c:c = 3]") == "([a:a = 1] OR [b:b = 2]) AND [c:c = 3]");
  CHECK(canonical("[a:a = 1] FOLLOWEDBY ([b:b = 2] FOLLOWEDBY [c:c = 3])") ==
        "[a:a = 1] FOLLOWEDBY ([b:b = 2] FOLLOWEDBY [c:c = 3])");
  CHECK(canonical("([a:a = 1]) WITHIN 5.0 SECONDS") == "[a:a = 1] WITHIN 5 SECONDS");
  CHECK(canonical("([a:a = 1] REPEATS 2 TIMES) REPEATS 3 TIMES") == "([a:a = 1]) REPEATS 2 TIMES REPEATS 3 TIMES");
  CHECK(canonical("(([a:a = 1] OR [b:b = 2]) WITHIN .5 SECONDS) OR [c:c = 3]") ==
        "([a:a = 1] OR [b:b = 2]) WITHIN 0.5 SECONDS OR [c:c = 3]");
}

TEST_CASE("canonical text quotes the keys that need it and no others", "[stix][pattern][print]") {
  CHECK(canonical("[a:'b'.'c-d'.'AND'.'true'.'9'.''.'it\\'s' = 1]") == "[a:b.'c-d'.'AND'.'true'.'9'.''.'it\\'s' = 1]");
  CHECK(canonical("[a:'and'.'h' = 1]") == "[a:and.h = 1]");
}

TEST_CASE("canonical constants read back as what they were", "[stix][pattern][print]") {
  CHECK(canonical("[a:b = -00.50]") == "[a:b = -0.5]");
  CHECK(canonical("[a:b = 7.0]") == "[a:b = 7.0]");
  CHECK(canonical("[a:b = -0]") == "[a:b = 0]");
  CHECK(canonical("[a:b = 0.000000001]") == "[a:b = 0.000000001]");
  CHECK(canonical("[a:b = 10000000000000000000000.0]") == "[a:b = 10000000000000000000000.0]");
  CHECK(canonical("[a:b = h'DEADbeef']") == "[a:b = h'deadbeef']");
  CHECK(canonical("[a:b = b'+/8=']") == "[a:b = b'+/8=']");
  CHECK(canonical("[a:b = t'2026-01-01T00:00:00Z']") == "[a:b = t'2026-01-01T00:00:00.000Z']");
  CHECK(canonical(R"([a:b = '\\\'"'])") == R"([a:b = '\\\'"'])");
}
