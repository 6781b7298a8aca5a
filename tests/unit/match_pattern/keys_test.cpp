#include <nlohmann/json.hpp>

#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/print.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/match_pattern/seen.hpp"

namespace tocsin::match::pattern::test {
namespace {

// The keys of a pattern as comparisons, `none` when there is no such set.
std::string keys(std::string const& text) {
  auto const pattern = compiled(spelled_out(text));
  REQUIRE(pattern.has_value());
  if (!pattern->keys()) return "none";
  std::string out;
  for (auto const& key : *pattern->keys()) {
    auto const op =
        key.relation == Key::Relation::equal ? stix::pattern::Operator::equal : stix::pattern::Operator::is_subset;
    stix::pattern::Literal const value =
        std::visit([](auto const& each) { return stix::pattern::Literal(each); }, key.value);
    stix::pattern::Test const test{stix::pattern::Comparison{key.path, op, false, {value}}};
    out += stix::pattern::print({stix::pattern::Observation{test, {}}});
  }
  return out;
}

}  // namespace

TEST_CASE("the key of an equality is its path and value", "[match][pattern]") {
  CHECK(keys("[x:p = 'v']") == "[x:p = 'v']");
  CHECK(keys("[x:a.'b c'[*].d_ref.e = 5]") == "[x:a.'b c'[*].d_ref.e = 5]");
  CHECK(keys("[x:p = 5.0]") == "[x:p = 5]");
  CHECK(keys("[x:p = 5.5]") == "[x:p = 5.5]");
  CHECK(keys("[x:p ISSUBSET '198.51.100.0/24']") == "[x:p ISSUBSET '198.51.100.0/24']");
  CHECK(keys("[x:p IN ('a', 'b')]") == "[x:p = 'a'][x:p = 'b']");
}

TEST_CASE("a pattern that matches nothing has an empty set of keys", "[match][pattern]") {
  CHECK(keys("[x:p IN ()]").empty());
  CHECK(keys("[x:p = 'a' AND x:q IN ()]").empty());
}

TEST_CASE("what compares otherwise has no key", "[match][pattern]") {
  for (auto const* text :
       {"[x:p != 'v']", "[x:p NOT = 'v']", "[x:p > 5]", "[x:p LIKE 'v']", "[x:p MATCHES 'v']", "[EXISTS x:p]",
        "[NOT EXISTS x:p]", "[x:p NOT IN ('v')]", "[x:p = true]", "[x:p = h'00']", "[x:p = t'2026-01-01T00:00:00Z']",
        "[x:p_hex = 'v']", "[x:p_bin[0] = 'v']", "[x:p IN ('v', true)]", "[x:p NOT ISSUBSET '10.0.0.0/8']",
        "[x:p ISSUPERSET '10.0.0.0/8']"}) {
    INFO(text);
    CHECK(keys(text) == "none");
  }
}

TEST_CASE("of what AND joins the part with the fewest keys is taken, then the longest", "[match][pattern]") {
  CHECK(keys("[x:p LIKE 'v%' AND x:q = 'w']") == "[x:q = 'w']");
  CHECK(keys("[x:p IN ('a', 'b') AND x:q = 'w']") == "[x:q = 'w']");
  CHECK(keys("[x:kind = 'llm-api' AND x:domain = 'mail.example']") == "[x:domain = 'mail.example']");
  CHECK(keys("[x:p = 'long value'] AND [x:q = 'w']") == "[x:p = 'long value']");
  CHECK(keys("[x:p > 1] FOLLOWEDBY [x:q = 'w'] REPEATS 3 TIMES WITHIN 5 SECONDS") == "[x:q = 'w']");
}

TEST_CASE("of what OR joins every part needs its keys", "[match][pattern]") {
  CHECK(keys("[x:p = 'a' OR y:q = 'b']") == "[x:p = 'a'][y:q = 'b']");
  CHECK(keys("[x:p = 'a'] OR [y:q = 'b']") == "[x:p = 'a'][y:q = 'b']");
  CHECK(keys("[x:p = 'a'] OR [y:q LIKE 'b%']") == "none");
  CHECK(keys("[x:p = 'a' OR x:p > 5]") == "none");
}

}  // namespace tocsin::match::pattern::test
