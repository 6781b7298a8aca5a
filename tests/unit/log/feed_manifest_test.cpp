// What an instance says of a feed that it hands out, and by whom it has to be signed.
#include "schema/log/feed_manifest.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

using core::Code;

SignerKey key(std::string const& name) {
  return SignerKey::make(name, KeyType::signature, SigningKey::generate()).value();
}

FeedManifest const kBlock{"block-v4",
                          asked_digest({{"format", "nginx"}}),
                          17,
                          "2026-02-03T10:20:30.123Z",
                          "2026-02-03T11:20:30.123Z",
                          2,
                          std::string(64, 'a')};

}  // namespace

TEST_CASE("a feed's manifest is read as it is written", "[log][feed]") {
  CHECK(kBlock.text() ==
        "tocsin/feed-manifest/v1\nfeed block-v4\n"
        "asked 19e3b5c24d4d62da27125d4483974043fbba13424f26648401f9963d0a9b3fd5\n"
        "generation 17\nas-of 2026-02-03T10:20:30.123Z\nexpires 2026-02-03T11:20:30.123Z\nentries 2\nsha256 " +
            std::string(64, 'a') + "\n");
  CHECK(FeedManifest::parse(kBlock.text()).value() == kBlock);
}

TEST_CASE("a feed's manifest in any other form is refused", "[log][feed]") {
  for (auto const& [from, to] : {std::pair{"manifest/v1", "manifest/v2"},
                                 {"feed block-v4\n", ""},
                                 {"feed block-v4", "feed Block v4"},
                                 {"generation 17", "generation 017"},
                                 {"generation 17", "generation -1"},
                                 {"10:20:30.123Z", "10:20:30.123000Z"},
                                 {"expires 2026", "expires next 2026"},
                                 {"entries 2\n", "entries\n"},
                                 {"sha256 a", "sha256 A"},
                                 {"sha256 a", "sha256 "},
                                 {"entries 2\n", "entries 2\nentries 2\n"},
                                 {"aaa\n", "aaa"},
                                 {"aaa\n", "aaa\n\n"}}) {
    INFO(from << " -> " << to);
    auto text = kBlock.text();
    text.replace(text.rfind(from), std::string_view(from).size(), to);
    REQUIRE_FALSE(FeedManifest::parse(text).has_value());
    CHECK(FeedManifest::parse(text).error().code == Code::note_malformed);
  }
}

TEST_CASE("what was asked for is told apart whatever its order", "[log][feed]") {
  CHECK(asked_digest({{"a", "1"}, {"b", "2"}}) == asked_digest({{"b", "2"}, {"a", "1"}}));
  CHECK(asked_digest({{"a", "1"}}) != asked_digest({{"a", "2"}}));
  CHECK(asked_digest({{"a", "1b"}, {"c", ""}}) != asked_digest({{"a", "1"}, {"bc", ""}}));
  CHECK(asked_digest({}) != asked_digest({{"", ""}}));
}

TEST_CASE("a feed's manifest opens with the key of the log and with no other", "[log][feed]") {
  auto const heron = key("heron.example/log"), ibis = key("ibis.example/log");
  auto const note = sign_feed_manifest(kBlock, heron).value();
  CHECK(open_feed_manifest(note, heron.verifier()).value() == kBlock);
  CHECK(open_feed_manifest(note, ibis.verifier()).error().code == Code::note_unverified);
  auto changed = note;
  changed.replace(changed.find("generation 17"), 13, "generation 18");
  CHECK(open_feed_manifest(changed, heron.verifier()).error().code == Code::note_unverified);
  CHECK(open_feed_manifest(kBlock.text(), heron.verifier()).error().code == Code::note_malformed);
}

TEST_CASE("what the log's key signs is a feed's manifest or a checkpoint, and never both", "[log][feed]") {
  auto const heron = key("heron.example/log");
  CHECK_FALSE(parse_checkpoint(kBlock.text()).has_value());
  auto const checkpoint = sign_checkpoint({"heron.example/log", 3, {}}, heron).value().format();
  CHECK(open_feed_manifest(checkpoint, heron.verifier()).error().code == Code::note_malformed);
}

}  // namespace tocsin::log
