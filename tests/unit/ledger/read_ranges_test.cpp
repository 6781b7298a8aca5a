#include "server/ledger/read_ranges.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

ledger::ReadNote page(std::int64_t after, std::int64_t first, std::int64_t last) {
  return {1, "aurora", "one", 7, "c0ffee", "objects", "", after, first, last, 10};
}

json only_entry(ledger::ReadRanges& ranges) {
  auto const taken = ranges.take();
  REQUIRE(taken.size() == 1);
  return json::parse(taken.front().entry.text);
}

}  // namespace

TEST_CASE("pages that go on where another ended are one stretch, in whatever order they come", "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  for (auto const& note : {page(0, 1, 10), page(20, 21, 30), page(10, 11, 20), page(5, 6, 8)})
    REQUIRE(ranges.add(note, 1));
  auto const entry = only_entry(ranges);
  CHECK(entry.at("stretches") == json::parse("[[1,20],[21,30]]"));
  CHECK(entry.at("requests") == 4);
  CHECK(entry.at("objects") == 40);
}

TEST_CASE("of pages far apart sixteen stretches are told, and the last of them says rather too much than too little",
          "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  for (std::int64_t i = 0; i < 20; ++i) REQUIRE(ranges.add(page(i * 1'000, i * 1'000 + 1, i * 1'000 + 10), 1));
  REQUIRE(ranges.add(page(500, 501, 510), 1));
  auto const stretches = only_entry(ranges).at("stretches");
  REQUIRE(stretches.size() == 16);
  CHECK(stretches.front() == json::parse("[1,10]"));
  CHECK(stretches.back() == json::parse("[501,19010]"));
}

TEST_CASE("a page of nothing is a request and no stretch", "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  REQUIRE(ranges.add(page(10, 0, 0), 1));
  auto const entry = only_entry(ranges);
  CHECK(entry.at("requests") == 1);
  CHECK(entry.at("stretches").empty());
}

TEST_CASE("a clock that is put back while reads are gathered makes no entry that ends before it begins",
          "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  for (std::int64_t now_us : {5'000'000, 2'000'000, 9'000'000}) REQUIRE(ranges.add(page(0, 1, 10), now_us));
  auto const entry = only_entry(ranges);
  CHECK(entry.at("at") == "1970-01-01T00:00:02.000000Z");
  CHECK(entry.at("until") == "1970-01-01T00:00:09.000000Z");
}

TEST_CASE("long filters are kept in a bounded memory, which taking frees", "[ledger][audit]") {
  ledger::ReadRanges ranges(core::Digest{});
  std::string const one(700u << 10, 'a'), other(700u << 10, 'b');
  auto first = page(0, 1, 10), second = first;
  first.filters = one;
  second.filters = other;
  CHECK(ranges.add(first, 1));
  CHECK_FALSE(ranges.add(second, 1));
  CHECK(ranges.add(first, 2));  // what is there grows
  CHECK(only_entry(ranges).at("requests") == 2);
  CHECK(ranges.add(second, 3));
}
