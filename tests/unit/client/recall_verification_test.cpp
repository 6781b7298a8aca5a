// What `tocsin verify` finds in the certificate of a recall.
#include "clients/cpp/verification/recall.hpp"

#include <algorithm>

#include "schema/log/control.hpp"
#include "schema/log/dependents.hpp"
#include "schema/log/manifest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using client::Step;
using client::Steps;
using client::TrustedKeys;

namespace {

using enum Step::Result;

log::SignerKey key(std::uint8_t seed, std::string name, log::KeyType type) {
  log::Seed bytes;
  bytes.fill(seed);
  return log::SignerKey::make(std::move(name), type, log::SigningKey::from_seed(bytes)).value();
}
log::SignerKey log_key() { return key(1, "hub.example/log", log::KeyType::signature); }
log::SignerKey control_key() { return log_key().named(log::control_origin("hub.example/log")).value(); }
log::SignerKey peer(std::uint8_t number) {
  return key(number, log::applied_name("peer" + std::to_string(number) + ".example/log"), log::KeyType::cosignature);
}

log::Opening opening() {
  auto const note = log::sign_recall({log_key().verifier(),
                                      {3, 9},
                                      log::RecallAction::suppress,
                                      log::RecallReason::wrong,
                                      1'700'086'400,
                                      1'700'000'000},
                                     log_key());
  return {core::Digest{3}, core::Salt{5}, note->format()};
}

// Entry 2 of a control log of `size` entries, acknowledged by some peers.
log::ProofFile proof(std::uint64_t size, std::vector<std::uint8_t> const& peers, log::Opening const& of = opening()) {
  std::vector<core::Digest> leaves(size);
  for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = log::leaf_hash("entry " + std::to_string(i));
  leaves[2] = log::leaf(of.entry());
  auto const reader = log::reader_of(std::span<core::Digest const>(leaves));
  auto const root = log::tree_root(reader, size).value();
  auto note = log::sign_checkpoint({control_key().verifier().name(), size, root}, control_key()).value();
  for (auto const number : peers)
    REQUIRE(note.add(log::cosign(peer(number), note.text(), 1'700'000'000 + number)).has_value());
  return {of.bytes(), 2, log::inclusion_proof(reader, 2, size).value(), note.format()};
}

TrustedKeys trusted(std::vector<std::uint8_t> const& peers) {
  TrustedKeys out{log_key().verifier(), {}};
  for (auto const number : peers) out.witnesses.push_back(peer(number).verifier());
  return out;
}

Step step(Steps const& steps, std::string const& what, std::string const& part = "") {
  auto const found = std::ranges::find_if(
      steps, [&](Step const& one) { return one.what == what && one.detail.find(part) != std::string::npos; });
  REQUIRE(found != steps.end());
  return *found;
}

}  // namespace

TEST_CASE("a certificate says what was recalled, and who acknowledged it when", "[client][recall]") {
  log::RecallCertificate const certificate{{}, {proof(4, {7}), proof(6, {8, 7})}, {}};
  auto const steps = client::verify_recall(certificate, trusted({7, 8})).value();
  CHECK(client::all_hold(steps));
  CHECK(step(steps, "recall").detail ==
        "suppress because wrong, entries 3 9 of hub.example/log, made 2023-11-14T22:13:20.000Z, due "
        "2023-11-15T22:13:20.000Z");
  CHECK(step(steps, "acknowledged", "peer7").detail.ends_with("2023-11-14T22:13:27.000Z"));
  CHECK(step(steps, "acknowledged", "peer8").result == holds);
  // The key of the control log is as good as that of the data log.
  auto keys = trusted({7, 8});
  keys.log = control_key().verifier();
  CHECK(client::all_hold(client::verify_recall(certificate, keys).value()));
}

TEST_CASE("who had not acknowledged, or has a key that nobody named, is unknown", "[client][recall]") {
  log::RecallCertificate const certificate{{"heron"}, {proof(4, {7})}, {}};
  auto const steps = client::verify_recall(certificate, trusted({})).value();
  CHECK(step(steps, "outstanding").result == unknown);
  CHECK(step(steps, "acknowledged", "peer7").result == unknown);
  CHECK_FALSE(client::all_hold(steps));
  CHECK(step(client::verify_recall(certificate, {}).value(), "signature").result == unknown);
  CHECK(step(client::verify_recall(certificate, trusted({9})).value(), "acknowledged", "peer9").result == fails);
}

TEST_CASE("what a relay says of those behind it holds with its key, and who had not acknowledged is unknown",
          "[client][recall]") {
  auto const statement = [](std::string const& control, std::uint64_t size) {
    return log::sign_dependents({control, {{"owl.example/log", size}}}, peer(7), 1'700'000'009).value();
  };
  auto const verified = [&](std::string const& said, TrustedKeys const& keys) {
    return client::verify_recall({{}, {proof(4, {7})}, {said}}, keys).value();
  };
  auto const good = verified(statement("hub.example/log/control", 3), trusted({7}));
  CHECK(client::all_hold(good));
  CHECK(step(good, "dependents").detail ==
        "owl.example/log acknowledged, said peer7.example/log/applied at 2023-11-14T22:13:29.000Z");
  auto const late = verified(statement("hub.example/log/control", 2), trusted({7}));
  CHECK(step(late, "dependents").result == unknown);
  CHECK(step(late, "dependents").detail.starts_with("owl.example/log had not acknowledged, said peer7"));
  CHECK(step(verified(statement("hub.example/log/control", 3), trusted({8})), "dependents").result == unknown);
  CHECK(step(verified(statement("other.example/log/control", 3), trusted({7})), "dependents").result == fails);
  auto changed = statement("hub.example/log/control", 2);
  changed.replace(changed.find("log 2"), 5, "log 3");
  CHECK(step(verified(changed, trusted({7})), "dependents").result == fails);
}

TEST_CASE("a certificate of what the log has not, or another key signed, does not hold", "[client][recall]") {
  auto moved = proof(6, {7});
  moved.index = 3;
  auto const elsewhere = client::verify_recall({{}, {moved}, {}}, trusted({7})).value();
  CHECK(step(elsewhere, "inclusion").result == fails);
  CHECK(step(elsewhere, "acknowledged").result == fails);  // of a tree that does not have it
  auto keys = trusted({7});
  keys.log = key(2, "hub.example/log", log::KeyType::signature).verifier();
  CHECK(step(client::verify_recall({{}, {proof(6, {7})}, {}}, keys).value(), "signature").result == fails);
  auto const other = key(3, "other.example/log", log::KeyType::signature);
  log::Opening foreign = opening();
  foreign.body =
      log::sign_recall({other.verifier(), {3}, log::RecallAction::suppress, log::RecallReason::wrong, 2, 1}, other)
          ->format();
  CHECK(step(client::verify_recall({{}, {proof(6, {}, foreign)}, {}}, trusted({})).value(), "recall").result == fails);
  foreign.body = "nothing";
  CHECK(step(client::verify_recall({{}, {proof(6, {}, foreign)}, {}}, trusted({})).value(), "recall").result == fails);
}
