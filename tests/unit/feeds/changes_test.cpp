#include "server/feeds/changes.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using feeds::Change;

namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    out.push_back(text.substr(at, text.find('\n', at) - at));
  return out;
}

// As a reader does it who has nothing but the older text: each line that goes is the one that he has there.
std::string applied(std::string const& older, std::vector<Change> const& all) {
  auto const before = lines_of(older);
  std::string out;
  std::size_t at = 0;
  for (auto const& change : all) {
    REQUIRE(change.line >= at);
    for (; at < change.line; ++at) out += before.at(at) + "\n";
    for (auto const& line : change.removed) REQUIRE(before.at(at++) == line);
    for (auto const& line : change.added) out += std::string(line) + "\n";
  }
  for (; at < before.size(); ++at) out += before[at] + "\n";
  return out;
}

std::string text_of(std::set<int> const& numbers, std::string const& end) {
  std::string out = "first" + end;
  for (int const number : numbers) out += "  " + std::to_string(number) + "," + end;
  return out + "last" + end;
}

std::size_t size_of(std::vector<Change> const& all) {
  std::size_t out = 0;
  for (auto const& change : all) out += change.removed.size() + change.added.size();
  return out;
}

}  // namespace

TEST_CASE("Changes name the lines that go and those that come, and where", "[feeds][changes]") {
  std::string const older = "a\nb\nc\nd\n", newer = "a\nB\nc\nd\ne\n";
  auto const all = feeds::changes(older, newer);
  REQUIRE(all.size() == 2);
  CHECK(all[0].line == 1);
  CHECK(all[0].removed == std::vector<std::string_view>{"b"});
  CHECK(all[0].added == std::vector<std::string_view>{"B"});
  CHECK(all[1].line == 4);
  CHECK(all[1].removed.empty());
  CHECK(all[1].added == std::vector<std::string_view>{"e"});
  CHECK(feeds::changes(newer, newer).empty());
}

TEST_CASE("Changes applied to the older list give the newer one byte for byte, and are no more than it takes",
          "[feeds][changes]") {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same lists each time
  for (int round = 0; round < 2'000; ++round) {
    std::set<int> before, after;
    for (auto count = random() % 40; count > 0; --count) before.insert(static_cast<int>(random() % 60));
    if (random() % 4 > 0) after = before;
    for (auto count = random() % 20; count > 0; --count) after.insert(static_cast<int>(random() % 60));
    for (auto count = random() % 20; count > 0; --count) after.erase(static_cast<int>(random() % 60));
    std::string const end = random() % 2 == 0 ? "\n" : "\r\n";
    auto const older = random() % 10 == 0 ? "" : text_of(before, end);
    auto const newer = random() % 10 == 0 ? "" : text_of(after, end);
    auto const all = feeds::changes(older, newer);
    REQUIRE(applied(older, all) == newer);
    if (older.empty() || newer.empty()) continue;
    std::set<int> different;
    std::ranges::set_symmetric_difference(before, after, std::inserter(different, different.end()));
    REQUIRE(size_of(all) == different.size());
  }
}

TEST_CASE("Changes of texts in no order, with the same line often, are exact all the same", "[feeds][changes]") {
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same texts each time
  auto const text = [&random] {
    std::string out;
    for (auto count = random() % 12; count > 0; --count) out += std::string(random() % 3, 'x') + "\n";
    return out;
  };
  for (int round = 0; round < 5'000; ++round) {
    auto const older = text(), newer = text();
    REQUIRE(applied(older, feeds::changes(older, newer)) == newer);
  }
}
