#include "schema/kinds/template_prints.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using kinds::prints_of;

TEST_CASE("a fingerprint is the first 64 bits of SHA-256 of three words", "[kinds][prints]") {
  auto const prints = prints_of("Judge THE answers!");
  REQUIRE(prints.size() == 1);
  CHECK(kinds::print_text(prints[0]) == core::to_hex(core::view(core::sha256("judge the answers"))).substr(0, 16));
  CHECK(kinds::parse_print(kinds::print_text(prints[0])) == prints[0]);
}

TEST_CASE("case, signs and blanks are no part of a text", "[kinds][prints]") {
  CHECK(prints_of("Rate the answer, from one to ten.") == prints_of("rate  the\tanswer\nfrom ONE to ten"));
  CHECK(prints_of("rate the answer") != prints_of("rate an answer"));
}

TEST_CASE("no three words go over a slot, and what is in it counts for nothing", "[kinds][prints]") {
  auto const two = prints_of("rate the answer {answer} from one to");
  CHECK(two.size() == 2);
  CHECK(two == prints_of("rate the answer {{the whole of it}} from one to"));
  CHECK(prints_of("rate {} the answer").empty());
  CHECK(prints_of("say {\"score\": 1} and end").size() == 3);
  CHECK(prints_of("rate {the answer").size() == 1);
}

TEST_CASE("each fingerprint counts once, and fewer than three words have none", "[kinds][prints]") {
  CHECK(prints_of("a b c a b c").size() == 3);
  CHECK(prints_of("a b").empty());
  CHECK(prints_of("").empty());
  CHECK(std::ranges::is_sorted(prints_of("the quick fox jumps over the lazy dog and goes on")));
}

TEST_CASE("what is no sixteen digits is no fingerprint", "[kinds][prints]") {
  for (char const* text : {"", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg", "-123456789abcdef"})
    CHECK_FALSE(kinds::parse_print(text).has_value());
}
