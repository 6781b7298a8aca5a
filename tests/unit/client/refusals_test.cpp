#include "clients/cpp/refusals.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::client;
using Said = std::vector<std::string>;

TEST_CASE("a sentence about many lines is news once, and the others are named by their ranges", "[client][refusals]") {
  Refusals refusals;
  CHECK(refusals.is_news("a-code", "There is no such kind.", 2));
  for (std::size_t const line : {3, 4, 5, 9, 12, 13})
    CHECK_FALSE(refusals.is_news("a-code", "There is no such kind.", line));
  CHECK(refusals.is_news("a-code", "It is too wide.", 6));
  CHECK_FALSE(refusals.is_news("a-code", "It is too wide.", 11));
  CHECK(refusals.is_news("a-code", "It is no name.", 7));
  CHECK(refusals.repeated() == Said{"As line 2, 6 more lines are refused: a-code: 3-5, 9, 12-13",
                                    "As line 6, 1 more line is refused: a-code: 11"});
}

TEST_CASE("the same of another column of a line is said, and counts no line", "[client][refusals]") {
  Refusals refusals;
  CHECK(refusals.is_news("a-code", "It must be a number.", 2));
  CHECK(refusals.is_news("a-code", "It must be a number.", 2));
  CHECK(refusals.repeated().empty());
  CHECK_FALSE(refusals.is_news("a-code", "It must be a number.", 3));
  CHECK(refusals.is_news("a-code", "It must be a number.", 3));
  CHECK(refusals.repeated() == Said{"As line 2, 1 more line is refused: a-code: 3"});
}

TEST_CASE("what differs from line to line is said of each, however many they are", "[client][refusals]") {
  Refusals refusals;
  for (std::size_t line = 1; line <= 3'000; ++line)
    CHECK(refusals.is_news("a-code", "It has " + std::to_string(line), line));
  CHECK(refusals.repeated().empty());
}
