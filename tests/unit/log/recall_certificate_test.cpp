#include "schema/log/recall_certificate.hpp"

#include "schema/log/dependents.hpp"
#include "schema/log/note.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

log::ProofFile proof(std::uint64_t index = 5, std::string const& extra = "opening") {
  auto const key =
      log::SignerKey::make("a.example/log/control", log::KeyType::signature, log::SigningKey::generate()).value();
  auto note = log::Note::from_text("a checkpoint\n").value();
  REQUIRE(note.add(log::sign(key, note.text())).has_value());
  return {extra, index, {core::Digest{1}, core::Digest{2}}, note.format()};
}

// What a relay says of nobody but one.
std::string said(std::string const& dependent) {
  auto const key =
      log::SignerKey::make("ibis.example/log/applied", log::KeyType::cosignature, log::SigningKey::generate()).value();
  return log::sign_dependents({"heron.example/log/control", {{dependent, 3}}}, key, 1).value();
}

}  // namespace

TEST_CASE("a certificate of a recall is read as it is written", "[log][recall]") {
  for (auto const& certificate :
       {log::RecallCertificate{{}, {proof()}, {}},
        log::RecallCertificate{{"heron", "ibis.example"}, {proof(), proof()}, {said("a/log"), said("b/log")}}}) {
    auto const text = certificate.text();
    CHECK(log::RecallCertificate::begins(text));
    CHECK(log::RecallCertificate::parse(text).value() == certificate);
  }
}

TEST_CASE("a certificate in any other form is refused", "[log][recall]") {
  auto const good = log::RecallCertificate{{"heron", "ibis"}, {proof()}, {said("a/log")}}.text();
  for (auto const& [from, to] : {std::pair{"recall-certificate/v1", "recall-certificate/v2"},
                                 {"outstanding heron", "outstanding ibis"},
                                 {"outstanding heron", "outstanding zebra"},
                                 {"outstanding heron", "outstanding "},
                                 {"outstanding heron", "outstanding two words"},
                                 {"outstanding heron", "absent heron"},
                                 {"dependents ", "dependents  "},
                                 {"dependents ", "dependents A"},
                                 {"dependents ", "dependents bm90aGluZw==\ndependents "},
                                 {"proof ", "proof -"},
                                 {"proof ", "proof  "}}) {
    auto text = good;
    text.replace(text.find(from), std::string(from).size(), to);
    CAPTURE(text);
    CHECK_FALSE(log::RecallCertificate::parse(text).has_value());
  }
  auto const once = said("a/log");
  for (auto const& text :
       {std::string(), good + "\n", good + "outstanding zebra\n", good.substr(0, good.size() - 1),
        log::RecallCertificate{{"heron"}, {}, {}}.text(), log::RecallCertificate{{}, {proof(5), proof(6)}, {}}.text(),
        log::RecallCertificate{{}, {proof(5), proof(5, "another")}, {}}.text(),
        log::RecallCertificate{{}, {proof()}, {said("b/log"), said("a/log")}}.text(),
        log::RecallCertificate{{}, {proof()}, {once, once}}.text(),
        log::RecallCertificate{{}, {proof()}, {proof().checkpoint}}.text()}) {
    CAPTURE(text);
    CHECK_FALSE(log::RecallCertificate::parse(text).has_value());
  }
}
