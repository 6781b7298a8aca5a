#include "schema/log/manifest.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::log {
namespace {

using core::Code;

Note signed_by(SignerKey const& key, std::string const& text) {
  auto note = Note::from_text(text).value();
  REQUIRE(note.add(sign(key, note.text())).has_value());
  return note;
}

SignerKey root_key() { return SignerKey::make("a.example/root", KeyType::signature, SigningKey::generate()).value(); }

Manifest manifest() { return tocsin::test::OtherInstance("a.example").manifest(); }

TEST_CASE("a manifest that was signed opens as it was, and its text is one field a line", "[log][manifest]") {
  auto const root = root_key();
  auto const said = manifest();
  auto const note = sign_manifest(said, root).value();
  CHECK(open_manifest(note.format(), root.verifier()).value() == said);
  CHECK(parse_manifest(note.text()).value() == said);
  CHECK(std::ranges::count(note.text(), '\n') == 12);
  CHECK(
      note.text().starts_with("tocsin/manifest/v1\nversion 1\nexpires 3786912000\ndata a.example/log\n"
                              "control a.example/log/control\nlog-key a.example/log+"));
}

TEST_CASE("a manifest with any byte changed is refused", "[log][manifest]") {
  auto const root = root_key();
  std::string const good = sign_manifest(manifest(), root).value().format();
  for (std::size_t i = 0; i < good.size(); ++i)
    for (char const flip : {'\x01', '\x20'}) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      CAPTURE(i, changed);
      CHECK_FALSE(open_manifest(changed, root.verifier()).has_value());
    }
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK_FALSE(open_manifest(good.substr(0, length), root.verifier()).has_value());
}

TEST_CASE("a manifest of another root, or signed with its own log key, is refused", "[log][manifest]") {
  tocsin::test::OtherInstance one("a.example"), other("a.example");
  CHECK(open_manifest(one.note(), other.root()).error().code == Code::note_unverified);
  auto const own = signed_by(one.log_key(), format_manifest(one.manifest()));
  CHECK(open_manifest(own.format(), one.root()).error().code == Code::note_unverified);
}

TEST_CASE("a text that is not the one form of a manifest is refused even when it is signed", "[log][manifest]") {
  auto const root = root_key();
  std::string const good = format_manifest(manifest());
  for (auto const& [from, to] :
       std::initializer_list<std::pair<char const*, char const*>>{{"manifest/v1", "manifest/v2"},
                                                                  {"version 1", "version 01"},
                                                                  {"version 1", "version 0"},
                                                                  {"expires 3", "expires  3"},
                                                                  {"/log/control", "/log/other"},
                                                                  {"data a.example", "data b.example"},
                                                                  {"https://", "http://"},
                                                                  {":8444", ":8444/path"},
                                                                  {":8444", "@elsewhere"},
                                                                  {"tls-pin ", "tls-pin 0"},
                                                                  {"identity--", "indicator--"},
                                                                  {"\nidentity ", "\nmember "}}) {
    std::string text = good;
    text.replace(text.find(from), std::string_view(from).size(), to);
    CAPTURE(text);
    CHECK_FALSE(parse_manifest(text).has_value());
    CHECK_FALSE(open_manifest(signed_by(root, text).format(), root.verifier()).has_value());
  }
  CHECK_FALSE(parse_manifest(good + "more 1\n").has_value());
}

TEST_CASE("a manifest that breaks a rule is not signed", "[log][manifest]") {
  auto const root = root_key();
  auto const refused = [&](auto const& change) {
    auto broken = manifest();
    change(broken);
    return !sign_manifest(broken, root).has_value();
  };
  CHECK(refused([](Manifest& m) { m.version = 0; }));
  CHECK(refused([](Manifest& m) { m.tls_pins.clear(); }));
  CHECK(refused([](Manifest& m) { m.tls_pins.push_back(m.tls_pins.front()); }));
  CHECK(refused([](Manifest& m) { m.tls_pins.resize(kMostPins + 1); }));
  CHECK(refused([](Manifest& m) { m.identities.push_back(m.identities.front()); }));
  CHECK(refused([](Manifest& m) { m.identities = {"identity--x"}; }));
  CHECK(refused([](Manifest& m) { std::swap(m.witness, m.applied); }));
  CHECK(refused([](Manifest& m) { m.freshness = m.log; }));
  CHECK(refused([](Manifest& m) {  // one pair of keys under two names
    m.applied = VerifierKey::make(m.applied.name(), KeyType::cosignature, m.witness.public_key()).value();
  }));
  CHECK(refused([](Manifest& m) { m.url = "https://a.example/"; }));
  CHECK_FALSE(refused([](Manifest& m) { m.identities.clear(); }));
}

TEST_CASE("the URL of a manifest is a host and perhaps a port, with IPv6 in brackets", "[log][manifest]") {
  auto const taken = [](std::string url) {
    auto changed = manifest();
    changed.url = std::move(url);
    return sign_manifest(changed, root_key()).has_value();
  };
  for (char const* url : {"https://a.example", "https://A.example:1", "https://192.0.2.1:65535",
                          "https://[2001:db8::1]", "https://[::1]:8444"}) {
    CAPTURE(url);
    CHECK(taken(url));
  }
  for (char const* url :
       {"https://", "https://[[:", "https://2001:db8::1", "https://[2001:db8::1", "https://[]", "https://[a.example]",
        "https://[::1]8444", "https://a.example:", "https://a.example:0", "https://a.example:65536",
        "https://a.example:x", "https://:8444", "https://a.example:1:2", "http://a.example", "https://a]b"}) {
    CAPTURE(url);
    CHECK_FALSE(taken(url));
  }
}

TEST_CASE("only a higher version of the same origin takes the place of a manifest", "[log][manifest]") {
  auto const now = manifest();
  auto next = now;
  CHECK(check_successor(now, next).error().code == Code::conflict);
  next.version = 2;
  CHECK(check_successor(now, next).has_value());
  CHECK(check_successor(next, now).error().code == Code::conflict);
  auto foreign = tocsin::test::OtherInstance("b.example").manifest();
  foreign.version = 9;
  CHECK(check_successor(now, foreign).error().code == Code::conflict);
}

}  // namespace
}  // namespace tocsin::log
