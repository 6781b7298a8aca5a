#include "schema/log/control.hpp"

#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

log::SignerKey key(std::string const& name) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
}

}  // namespace

TEST_CASE("a header of the control log has one text, and any other is refused", "[log][control]") {
  log::ControlHeader header{"loss", {"a.example/log", 0, log::empty_root()}};
  std::string text = header.text();
  CHECK(text ==
        R"({"data_root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","data_size":0,"log":"control","op":"loss",)"
        R"("origin":"a.example/log","v":1})");
  CHECK(log::ControlHeader::parse(text).value() == header);
  for (auto const& [from, to] : {std::pair{"\"v\":1", "\"v\":2"},
                                 {"control", "data"},
                                 {"loss", "Loss"},
                                 {"loss", "loss-of-something-that-is-too-long"},
                                 {":0,", ":-1,"},
                                 {":0,", ": 0,"},
                                 {"47DE", "47D"},
                                 {"a.example", "a b"}}) {
    std::string other = text;
    other.replace(other.find(from), std::string(from).size(), to);
    CAPTURE(other);
    CHECK_FALSE(log::ControlHeader::parse(other).has_value());
  }
}

TEST_CASE("a header whose operation only a later version knows is read all the same", "[log][control]") {
  log::ControlHeader const header{"epoch", {"a.example/log", 0, log::empty_root()}};
  CHECK(log::ControlHeader::parse(header.text()).value() == header);
}

TEST_CASE("a change of keys opens only when both keys signed it", "[log][control]") {
  auto old = key("a.example/log"), next = key("a.example/log");
  auto note = log::sign_key_change(old, next, 1'700'000'000).value();
  auto opened = log::open_key_change(note.format()).value();
  CHECK(opened == log::KeyChange{old.verifier(), next.verifier(), 1'700'000'000});
  CHECK(log::parse_statement(note.text()).value() == log::Statement{opened});
  for (auto const* signer : {&old, &next}) {
    auto alone = log::Note::from_text(note.text()).value();
    REQUIRE(alone.add(log::sign(*signer, alone.text())).has_value());
    CHECK(log::open_key_change(alone.format()).error().code == core::Code::note_unverified);
  }
}

TEST_CASE("a declaration of loss opens with the root key alone", "[log][control]") {
  auto root = key("a.example/root"), next = key("a.example/log");
  log::Loss loss{{"a.example/log", 0, log::empty_root()}, next.verifier(), 7};
  auto note = log::sign_loss(loss, root).value().format();
  CHECK(log::open_loss(note, root.verifier()).value() == loss);
  CHECK_FALSE(log::open_loss(note, key("a.example/root").verifier()).has_value());
  CHECK_FALSE(log::open_key_change(note).has_value());
  std::string longer = note;
  longer.replace(longer.find("\n0\n"), 3, "\n1\n");
  CHECK_FALSE(log::open_loss(longer, root.verifier()).has_value());
}

TEST_CASE("a statement about another log, or with a line too many, is refused", "[log][control]") {
  auto one = key("a.example/log"), other = key("b.example/log");
  CHECK_FALSE(log::open_key_change(log::sign_key_change(one, other, 1).value().format()).has_value());
  CHECK_FALSE(log::open_key_change(log::sign_key_change(one, one, 1).value().format()).has_value());
  log::Loss loss{{"a.example/log", 0, log::empty_root()}, other.verifier(), 7};
  CHECK_FALSE(log::parse_statement(log::format_statement(loss)).has_value());
  loss.next = one.verifier();
  CHECK(log::parse_statement(log::format_statement(loss)).has_value());
  CHECK_FALSE(log::parse_statement(log::format_statement(loss) + "\n").has_value());
}

TEST_CASE("an erasure opens with the key that it names, and its leaves are numbers that grow", "[log][control]") {
  auto signer = key("a.example/log");
  auto note = log::sign_erasure({0, 7, 1'000'000}, signer, 1'700'000'000).value();
  CHECK(note.text() == "tocsin/erasure/v1\n" + signer.verifier().text() + "\n0 7 1000000\n1700000000\n");
  CHECK(log::open_erasure(note.format()).value() == log::Erasure{signer.verifier(), {0, 7, 1'000'000}, 1'700'000'000});
  CHECK_FALSE(log::open_key_change(note.format()).has_value());
  auto by_another = log::Note::from_text(note.text()).value();
  REQUIRE(by_another.add(log::sign(key("a.example/log"), by_another.text())).has_value());
  CHECK(log::open_erasure(by_another.format()).error().code == core::Code::note_unverified);
  for (auto const* leaves : {"", "7 0", "7 7", "0  7", " 0", "0 ", "07", "-1", "0,7"}) {
    std::string text = note.text();
    text.replace(text.find("0 7 1000000"), 11, leaves);
    CAPTURE(text);
    CHECK_FALSE(log::parse_statement(text).has_value());
  }
}

TEST_CASE("a recall opens with the key that it names, and says what, why, and by when", "[log][control]") {
  auto signer = key("a.example/log");
  log::Recall const recall{
      signer.verifier(), {3, 9},       log::RecallAction::suppress, log::RecallReason::personal_data,
      1'700'086'400,     1'700'000'000};
  auto note = log::sign_recall(recall, signer).value();
  CHECK(note.text() ==
        "tocsin/recall/v1\n" + signer.verifier().text() + "\n3 9\nsuppress\npersonal-data\n1700086400\n1700000000\n");
  CHECK(log::open_recall(note.format()).value() == recall);
  CHECK_FALSE(log::open_erasure(note.format()).has_value());
  auto by_another = log::Note::from_text(note.text()).value();
  REQUIRE(by_another.add(log::sign(key("a.example/log"), by_another.text())).has_value());
  CHECK(log::open_recall(by_another.format()).error().code == core::Code::note_unverified);
  for (auto const& [from, to] : {std::pair{"3 9", "9 3"},
                                 {"3 9", ""},
                                 {"suppress", "Suppress"},
                                 {"suppress", "erase"},
                                 {"personal-data", "personal_data"},
                                 {"1700086400", "1699999999"},
                                 {"1700086400", "01700086400"},
                                 {"1700000000\n", "1700000000\n\n"},
                                 {"recall/v1", "recall/v2"}}) {
    std::string text = note.text();
    text.replace(text.find(from), std::string(from).size(), to);
    CAPTURE(text);
    CHECK_FALSE(log::parse_statement(text).has_value());
  }
}

TEST_CASE("every action and reason of a recall is read as it is written", "[log][control]") {
  auto signer = key("a.example/log");
  for (int action = 0; action < 3; ++action)
    for (int reason = 0; reason < 6; ++reason) {
      log::Recall const recall{
          signer.verifier(), {1}, static_cast<log::RecallAction>(action), static_cast<log::RecallReason>(reason), 7, 7};
      CHECK(log::parse_statement(log::format_statement(recall)).value() == log::Statement{recall});
    }
}
