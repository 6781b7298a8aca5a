// What a relay says of those behind it, and by whom it has to be signed.
#include "schema/log/dependents.hpp"

#include <utility>

#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

using core::Code;

SignerKey key(std::string const& name, KeyType type = KeyType::cosignature) {
  return SignerKey::make(name, type, SigningKey::generate()).value();
}

Dependents const kTwo{"heron.example/log/control", {{"owl.example/log", 0}, {"wren.example/log", 12}}};

}  // namespace

TEST_CASE("a statement of dependents is read as it is written", "[log][dependents]") {
  CHECK(kTwo.text() ==
        "tocsin/dependents/v1\nlog heron.example/log/control\ndependent owl.example/log 0\n"
        "dependent wren.example/log 12\n");
  for (auto const& said : {kTwo, Dependents{"heron.example/log/control", {}}})
    CHECK(Dependents::parse(said.text()).value() == said);
}

TEST_CASE("a statement of dependents in any other form is refused", "[log][dependents]") {
  for (auto const& [from, to] : {std::pair{"dependents/v1", "dependents/v2"},
                                 {"log heron.example/log/control\n", ""},
                                 {"log heron", "log he ron"},
                                 {"dependent owl.example/log 0\n", "dependent owl.example/log\n"},
                                 {"dependent owl.example/log 0\n", "dependent owl.example/log -1\n"},
                                 {"dependent owl.example/log 0\n", "dependent owl.example/log 00\n"},
                                 {"dependent owl.example/log 0\n", "dependent wren.example/log 12\n"},
                                 {"dependent owl.example/log 0\n", "dependent zebra.example/log 0\n"},
                                 {"12\n", "12"},
                                 {"12\n", "12\nmore\n"},
                                 {"12\n", "12\n\n"}}) {
    INFO(from << " -> " << to);
    auto text = kTwo.text();
    text.replace(text.find(from), std::string_view(from).size(), to);
    REQUIRE_FALSE(Dependents::parse(text).has_value());
    CHECK(Dependents::parse(text).error().code == Code::note_malformed);
  }
}

TEST_CASE("no more dependents are said than the most", "[log][dependents]") {
  auto many = kTwo;
  auto const relay = key("ibis.example/log/applied");
  for (std::size_t i = 2; i < kMostDependents; ++i) many.applied["x" + std::to_string(i) + "/log"] = i;
  CHECK(sign_dependents(many, relay, 5).has_value());
  many.applied["one/more"] = 1;
  CHECK(sign_dependents(many, relay, 5).error().code == Code::note_malformed);
  CHECK(Dependents::parse(many.text()).error().code == Code::note_malformed);
}

TEST_CASE("what is said of dependents opens with the relay's signature alone", "[log][dependents]") {
  auto const relay = key("ibis.example/log/applied"), other = key("ibis.example/log/applied");
  auto const note = sign_dependents(kTwo, relay, 1'700'000'000).value();
  auto const opened = open_dependents(note, relay.verifier()).value();
  CHECK(opened.dependents == kTwo);
  CHECK(opened.time_s == 1'700'000'000);
  CHECK(opened.note == note);
  CHECK(open_dependents(note, other.verifier()).error().code == Code::note_unverified);
  auto changed = note;
  changed.replace(changed.find(" 12"), 3, " 13");
  CHECK(open_dependents(changed, relay.verifier()).error().code == Code::note_unverified);
  auto two = Note::parse(note).value();
  REQUIRE(two.add(cosign(other, two.text(), 1)).has_value());
  CHECK(open_dependents(two.format(), relay.verifier()).error().code == Code::note_unverified);
  CHECK(open_dependents(kTwo.text(), relay.verifier()).error().code == Code::note_malformed);
}

TEST_CASE("a checkpoint is no statement of dependents, and neither is the other one", "[log][dependents]") {
  auto const log = key("heron.example/log/control", KeyType::signature), relay = key("ibis.example/log/applied");
  auto receipt = sign_checkpoint({"heron.example/log/control", 7, core::Digest{1}}, log).value();
  REQUIRE(receipt.add(cosign(relay, receipt.text(), 5)).has_value());
  CHECK_FALSE(Dependents::begins(receipt.format()));
  CHECK_FALSE(open_dependents(receipt.format(), relay.verifier()).has_value());
  CHECK_FALSE(parse_checkpoint(kTwo.text()).has_value());
}

}  // namespace tocsin::log
