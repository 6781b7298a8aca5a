#include "schema/log/openings.hpp"

#include "schema/core/digest.hpp"
#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

log::OpenedEntry entry(std::uint64_t index, std::string body) {
  log::Header const header{"a.example/log", core::random_uuid(), index + 1, 0};
  return {index, header.text(), core::random_salt(), core::random_salt(), {"indicators"}, std::move(body)};
}

log::Openings some() {
  return {"a.example/log", core::random_uuid(), 3, 20, {entry(3, "{}"), entry(7, "[1]"), entry(19, "x")}};
}

core::Code refusal(std::string const& bytes) {
  auto const parsed = log::parse_openings(bytes);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().code;
}

}  // namespace

TEST_CASE("openings have one form, which is read back as it was written", "[log][openings]") {
  auto const openings = some();
  auto const bytes = log::format_openings(openings);
  CHECK(log::parse_openings(bytes).value() == openings);
  log::Openings const none{"a.example/log", {}, 0, 0, {}};
  CHECK(log::format_openings(none) == "tocsin.openings/v1\na.example/log\n00000000000000000000000000000000\n0 0 0\n\n");
  CHECK(log::parse_openings(log::format_openings(none)).value() == none);
}

TEST_CASE("an opened entry gives the leaf that was sealed with its salts, and no other", "[log][openings]") {
  log::Header const header{"a.example/log", core::random_uuid(), 1, 0};
  auto const header_salt = core::random_salt(), body_salt = core::random_salt();
  auto const sealed = log::seal(header_salt, header, log::commit_body(body_salt, "{}"));
  log::OpenedEntry opened{0, sealed.header, header_salt, body_salt, {}, "{}"};
  CHECK(opened.leaf() == sealed.leaf);
  opened.body = "{ }";
  CHECK(opened.leaf() != sealed.leaf);
}

TEST_CASE("of a closed entry the commitment to the body stands for its salt, and gives the same leaf", "[log][openings]") {
  auto const whole = entry(3, "{}");
  log::OpenedEntry closed{3, whole.header, whole.header_salt, log::commit_body(whole.body_salt, whole.body), {}, {}};
  CHECK(closed.is_closed());
  CHECK(closed.leaf() == whole.leaf());
  log::Openings const openings{"a.example/log", core::random_uuid(), 3, 4, {closed}};
  CHECK(log::parse_openings(log::format_openings(openings)).value() == openings);
}

TEST_CASE("openings that are cut off anywhere, or go on, are refused", "[log][openings]") {
  auto const bytes = log::format_openings(some());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(refusal(bytes.substr(0, size)) == core::Code::openings_malformed);
  }
  CHECK(refusal(bytes + "x") == core::Code::openings_malformed);
}

TEST_CASE("entries of openings ascend and lie in the range that was considered", "[log][openings]") {
  for (auto const& indices : {std::vector<std::uint64_t>{3, 3}, {7, 3}, {2}, {20}}) {
    auto openings = some();
    openings.entries.clear();
    for (auto const index : indices) openings.entries.push_back(entry(index, "{}"));
    CHECK(refusal(log::format_openings(openings)) == core::Code::openings_malformed);
  }
}

TEST_CASE("a head of openings has canonical numbers, terms in lower case and a name of a log", "[log][openings]") {
  std::string const head = "tocsin.openings/v1\na.example/log\nabababababababababababababababab\n3 20 0\n\n";
  REQUIRE(log::parse_openings(head).has_value());
  for (auto const& [from, to] : {std::pair{"/v1", "/v2"},
                                 {"a.example", "a b"},
                                 {"abab", "ABAB"},
                                 {"abab", "ab"},
                                 {"3 20", "03 20"},
                                 {"3 20", "21 20"},
                                 {"3 20 0", "3 20"},
                                 {"20 0", "20  0"},
                                 {"20 0", "20 1"},
                                 {"3 20", "3 65540"},
                                 {"\n\n", "\r\n\r\n"},
                                 {"20 0", "70000 1001"}}) {
    std::string other = head;
    other.replace(other.find(from), std::string(from).size(), to);
    CAPTURE(other);
    CHECK(refusal(other) == core::Code::openings_malformed);
  }
}

TEST_CASE("an opening without a header, a body or an alias where one is named is refused", "[log][openings]") {
  for (auto const spoil :
       {+[](log::OpenedEntry& one) { one.header.clear(); }, +[](log::OpenedEntry& one) { one.body.clear(); },
        +[](log::OpenedEntry& one) { one.collections.emplace_back(); }}) {
    auto openings = some();
    spoil(openings.entries.front());
    CHECK(refusal(log::format_openings(openings)) == core::Code::openings_malformed);
  }
}
