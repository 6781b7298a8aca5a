#include "schema/log/peering.hpp"

#include <algorithm>
#include <set>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::log {
namespace {

using core::Code;
using tocsin::test::OtherInstance;

constexpr std::uint64_t kUntil_s = 1'800'000'000;

TEST_CASE("an invitation and its acceptance open with the manifests of those who made them", "[log][peering]") {
  OtherInstance a("a.example"), b("b.example");
  auto const invitation = a.invitation(kUntil_s), acceptance = b.acceptance(invitation);
  auto const first = open_introduction(invitation).value(), second = open_introduction(acceptance).value();
  CHECK(first.manifest == a.manifest());
  CHECK(second.manifest == b.manifest());
  CHECK(first.introduction.root == a.root());
  CHECK_FALSE(first.introduction.answers.has_value());
  CHECK(first.introduction.until_s == kUntil_s);
  REQUIRE(second.introduction.answers.has_value());
  CHECK(second.introduction.answers->id == first.introduction.id);
  CHECK(second.introduction.answers->text == core::sha256(first.text));
  CHECK(parse_introduction(second.text).value() == second.introduction);
}

TEST_CASE("a line with any character changed, left out or added does not open", "[log][peering]") {
  OtherInstance a("a.example");
  std::string const good = a.invitation(kUntil_s);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    CHECK_FALSE(open_introduction(changed).has_value());
    CHECK_FALSE(open_introduction(good.substr(0, i)).has_value());
  }
  CHECK_FALSE(open_introduction(good + "A").has_value());
}

TEST_CASE("a line whose manifest was exchanged for another's is refused", "[log][peering]") {
  OtherInstance a("a.example"), m("a.example");
  auto said = a.introduction(kUntil_s);
  said.manifest = m.note();
  CHECK(write_introduction(said, a.log_key()).error().code == Code::note_unverified);  // not of a's root
  said.root = m.root();
  CHECK(write_introduction(said, a.log_key()).error().code == Code::note_unverified);  // nor of a's log key
  auto note = Note::from_text(format_introduction(said)).value();
  REQUIRE(note.add(sign(a.log_key(), note.text())).has_value());
  CHECK(open_introduction("tocsin-peer-" + core::to_base64url(note.format())).error().code == Code::note_unverified);
}

TEST_CASE("who sits between two sides makes them see different fingerprints", "[log][peering]") {
  OtherInstance a("a.example"), b("b.example"), m("m.example");
  auto const words = [](std::string const& acceptance) {
    return fingerprint_words(fingerprint(open_introduction(acceptance).value().text));
  };
  auto const invitation = a.invitation(kUntil_s);
  auto const acceptance = b.acceptance(invitation);
  CHECK(words(acceptance) == words(acceptance));
  auto const to_b = b.acceptance(m.invitation(kUntil_s)), to_a = m.acceptance(invitation);
  CHECK(words(to_b) != words(to_a));
  CHECK(words(b.acceptance(invitation)) != words(acceptance));  // nobody knows it before it is made
}

TEST_CASE("a fingerprint is eight words of 16 bits each, as the scheme has them", "[log][peering]") {
  core::Digest digest{};
  std::string const published("\x7f\x00\x00\x01\x3f\x54\xdc\xc1\x3f\x76\x07\x23\x42\xd7\x87\x32", 16);
  std::copy(published.begin(), published.end(), digest.begin());
  // 127.0.0.1, 63.84.220.193, 63.118.7.35: the examples of the proposal; then another two words.
  CHECK(fingerprint_words(digest).starts_with("lusab babad gutih tugad gutuk bisog "));
  std::set<std::string> words;
  for (unsigned high = 0; high < 256; ++high)
    for (unsigned low = 0; low < 256; ++low) {
      digest = {static_cast<std::uint8_t>(high), static_cast<std::uint8_t>(low)};
      words.insert(fingerprint_words(digest).substr(0, 5));
    }
  CHECK(words.size() == 65'536);
}

}  // namespace
}  // namespace tocsin::log
