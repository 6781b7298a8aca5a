#include "schema/log/head_exchange.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "schema/core/digest.hpp"
#include "schema/log/numbering.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

constexpr HeadParties kParties{"ibis.example/log", "heron.example/log", "wren.example/log"};

OpenedEntry opened(std::uint64_t index, std::uint64_t count, std::string const& origin = "ibis.example/log",
                   Header::Op op = Header::Op::head) {
  Header const header{origin, {7}, count, 0, op};
  return {index, header.text(), {1}, {2}, {}, Head{count, index - 1, {}}.text()};
}

LaterHead later(std::uint64_t index, std::uint64_t count) {
  return LaterHead::of(opened(index, count), kParties.origin).value();
}

bool refused(std::string const& bytes) { return !parse_later_heads(bytes, kParties.origin).has_value(); }

TEST_CASE("a tag is that of one head, asker, answerer, log and time", "[log][heads]") {
  auto const tag = head_tag({1}, {2}, kParties);
  std::set<core::Digest> const all{tag,
                                   head_tag({2}, {2}, kParties),
                                   head_tag({1}, {3}, kParties),
                                   head_tag({1}, {2}, {"magpie.example/log", kParties.asker, kParties.answerer}),
                                   head_tag({1}, {2}, {kParties.origin, "magpie.example/log", kParties.answerer}),
                                   head_tag({1}, {2}, {kParties.origin, kParties.asker, "magpie.example/log"}),
                                   head_tag({1}, {2}, {kParties.origin, kParties.answerer, kParties.asker})};
  CHECK(all.size() == 7);
  CHECK(head_tag({1}, {2}, kParties) == tag);
}

TEST_CASE("a question is as long whatever is asked for, and another one each time", "[log][heads]") {
  auto const none = ask_for_heads({}, kParties), one = ask_for_heads({{1}}, kParties),
             again = ask_for_heads({{1}}, kParties), many = ask_for_heads(std::vector<core::Salt>(1'000), kParties);
  std::set<std::size_t> sizes;
  for (auto const& question : {none, one, again, many}) {
    auto const bytes = format_head_question(question);
    sizes.insert(bytes.size());
    CHECK(parse_head_question(bytes) == question);
    CHECK(std::set(question.tags.begin(), question.tags.end()).size() == (question == many ? 1 : kHeadTags));
  }
  CHECK(sizes.size() == 1);
  CHECK(std::ranges::count(one.tags, head_tag({1}, one.nonce, kParties)) == 1);
  CHECK(std::ranges::count(again.tags, head_tag({1}, one.nonce, kParties)) == 0);
}

TEST_CASE("what is not exactly a question is none", "[log][heads]") {
  auto const bytes = format_head_question(ask_for_heads({}, kParties));
  for (auto const& other :
       {std::string(), bytes + "x", bytes.substr(1), bytes.substr(0, bytes.size() - 32), "T" + bytes.substr(1)})
    CHECK(parse_head_question(other).error().code == core::Code::openings_malformed);
}

TEST_CASE("a later head shows its header, reproduces the leaf, and keeps the body's salt", "[log][heads]") {
  auto const entry = opened(9, 4);
  auto const head = LaterHead::of(entry, kParties.origin).value();
  CHECK(head.entry.is_closed());
  CHECK(head.entry.leaf() == entry.leaf());
  CHECK(head.entry.body_salt != entry.body_salt);
  CHECK(head.header.class_sequence == 4);
  auto const bytes = format_later_heads({head});
  CHECK_FALSE(bytes.contains(core::view(entry.body_salt)));
  CHECK_FALSE(bytes.contains("rolling"));
}

TEST_CASE("an answer is read as it is written, and one of nothing has one form", "[log][heads]") {
  CHECK(format_later_heads({}) == "tocsin.later-heads/v1\n");
  for (auto const& heads : {std::vector<LaterHead>{}, {later(9, 4)}, {later(9, 4), later(3, 2), later(200'000, 5)}}) {
    auto const read = parse_later_heads(format_later_heads(heads), kParties.origin).value();
    REQUIRE(read.size() == heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i) CHECK(read[i].entry == heads[i].entry);
  }
}

TEST_CASE("what is no head of the log that was asked about is refused", "[log][heads]") {
  CHECK(LaterHead::of(opened(9, 4, "magpie.example/log"), kParties.origin).error().code == core::Code::opening_false);
  CHECK(LaterHead::of(opened(9, 4, "ibis.example/log", Header::Op::put), kParties.origin).error().code ==
        core::Code::opening_false);
  auto const bytes = format_later_heads({later(9, 4)});
  for (std::size_t end = 1; end < bytes.size(); ++end)
    if (end != std::string("tocsin.later-heads/v1\n").size()) CHECK(refused(bytes.substr(0, end)));
  CHECK(refused(bytes + "x"));
  CHECK_FALSE(parse_later_heads(bytes, "magpie.example/log").has_value());
  CHECK_FALSE(refused(format_later_heads(std::vector<LaterHead>(kHeadTags, later(9, 4)))));
  CHECK(refused(format_later_heads(std::vector<LaterHead>(kHeadTags + 1, later(9, 4)))));
}

TEST_CASE("a head that is opened whole is no answer: its salt is for those to whom it was opened", "[log][heads]") {
  auto const opening = format_openings({"ibis.example/log", {}, 9, 10, {opened(9, 4)}});
  std::string bytes = "tocsin.later-heads/v1\n";
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(opening.size() >> shift & 0xFF);
  CHECK(refused(bytes + opening));
}

}  // namespace
}  // namespace tocsin::log
