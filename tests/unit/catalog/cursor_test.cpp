#include "server/catalog/cursor.hpp"

#include <limits>
#include <set>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using catalog::Cursor;
using catalog::CursorCodec;

namespace {

core::Digest key_of(std::string_view text) { return core::sha256(text); }

CursorCodec const kCodec(key_of("one"));

std::vector<Cursor> examples() {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max(), kLeast = std::numeric_limits<std::int64_t>::min();
  return {{0, 0, ""},
          {1, 4'711, "match[type]=indicator\n"},
          {kMost, kMost, "added_after=2026-01-01T00:00:00.000000Z\nmatch[version]=all\n"},
          {kLeast, kLeast, "\n\n5\n"},
          {3, 9, std::string(5'000, 'x')}};
}

}  // namespace

TEST_CASE("A cursor opens to what was sealed", "[catalog][cursor]") {
  for (auto const& cursor : examples()) {
    auto opened = kCodec.open(kCodec.seal(cursor));
    REQUIRE(opened.has_value());
    CHECK(opened->collection == cursor.collection);
    CHECK(opened->after_sequence == cursor.after_sequence);
    CHECK(opened->filters == cursor.filters);
  }
}

TEST_CASE("Equal cursors have equal text, other cursors have other text", "[catalog][cursor]") {
  std::set<std::string> texts;
  for (auto const& cursor : examples()) {
    CHECK(kCodec.seal(cursor) == kCodec.seal(cursor));
    CHECK(texts.insert(kCodec.seal(cursor)).second);
  }
  CHECK(texts.insert(kCodec.seal({1, 4'712, "match[type]=indicator\n"})).second);
  CHECK(texts.insert(kCodec.seal({2, 4'711, "match[type]=indicator\n"})).second);
}

TEST_CASE("A cursor can stand in a URL as it is", "[catalog][cursor]") {
  for (auto const& cursor : examples())
    for (char c : kCodec.seal(cursor)) CHECK((std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'));
}

TEST_CASE("Cursors of neighbouring places do not look alike", "[catalog][cursor]") {
  auto one = kCodec.seal({1, 1'000, ""}), next = kCodec.seal({1, 1'001, ""});
  REQUIRE(one.size() == next.size());
  std::size_t equal = 0;
  for (std::size_t i = 0; i < one.size(); ++i) equal += one[i] == next[i] ? 1 : 0;
  CHECK(equal < one.size() / 3);
}

TEST_CASE("A cursor with any character changed is refused", "[catalog][cursor]") {
  auto const text = kCodec.seal({1, 4'711, "match[type]=indicator\n"});
  for (std::size_t at = 0; at < text.size(); ++at)
    for (char c : {'A', 'B', 'z', '0', '-', '_', '=', ' ', '\n', '\0'}) {
      auto changed = text;
      changed[at] = c;
      if (changed != text) CHECK_FALSE(kCodec.open(changed).has_value());
    }
}

TEST_CASE("A cursor that was cut, lengthened or turned is refused", "[catalog][cursor]") {
  auto const text = kCodec.seal({1, 4'711, "match[type]=indicator\n"});
  for (std::size_t size = 0; size < text.size(); ++size) CHECK_FALSE(kCodec.open(text.substr(0, size)).has_value());
  for (char const* more : {"A", "AAAA", "=", "==", " "}) CHECK_FALSE(kCodec.open(text + more).has_value());
  CHECK_FALSE(kCodec.open(std::string(text.rbegin(), text.rend())).has_value());
  CHECK_FALSE(kCodec.open(" " + text).has_value());
}

TEST_CASE("Parts of two cursors do not make a third", "[catalog][cursor]") {
  auto const one = kCodec.seal({1, 1'111, ""}), other = kCodec.seal({1, 2'222, ""});
  REQUIRE(one.size() == other.size());
  for (std::size_t at = 1; at < one.size(); ++at) {
    auto mixed = one.substr(0, at) + other.substr(at);
    if (mixed != one && mixed != other) CHECK_FALSE(kCodec.open(mixed).has_value());
  }
}

TEST_CASE("A cursor of another instance is refused", "[catalog][cursor]") {
  CursorCodec const other(key_of("two"));
  for (auto const& cursor : examples()) {
    CHECK_FALSE(other.open(kCodec.seal(cursor)).has_value());
    CHECK(other.seal(cursor) != kCodec.seal(cursor));
  }
}

TEST_CASE("A cursor outlives the codec that sealed it", "[catalog][cursor]") {
  auto const text = CursorCodec(key_of("one")).seal({7, 8, "x"});
  CHECK(CursorCodec(key_of("one")).open(text)->after_sequence == 8);
}
