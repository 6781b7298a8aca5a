// What `tocsin verify` finds in proofs and revealed canaries, and that it finds every byte that was changed.
#include "clients/cpp/verification/steps.hpp"

#include <nlohmann/json.hpp>

#include "clients/cpp/canary/bundle.hpp"
#include "schema/kinds/canary_commitment.hpp"
#include "schema/log/checkpoint.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using client::RevealedCanary;
using client::Step;
using client::Steps;
using client::TrustedKeys;
using nlohmann::json;

namespace {

constexpr std::uint64_t kSeen = 1'700'000'000;
std::string const kSecret = "Which river flows under the bridge of Avalon?";
std::string const kIndicator = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

log::SignerKey key(std::uint8_t seed, std::string name, log::KeyType type) {
  log::Seed bytes;
  bytes.fill(seed);
  return log::SignerKey::make(std::move(name), type, log::SigningKey::from_seed(bytes)).value();
}
log::SignerKey log_key() { return key(1, "hub.example/data", log::KeyType::signature); }
log::SignerKey witness(std::uint8_t number) {
  return key(number, "witness.example/w" + std::to_string(number), log::KeyType::cosignature);
}

TrustedKeys trusted(std::initializer_list<std::uint8_t> witnesses = {}) {
  TrustedKeys out;
  out.log = log_key().verifier();
  for (auto const number : witnesses) out.witnesses.push_back(witness(number).verifier());
  return out;
}

std::string commitment() { return core::to_hex(core::view(kinds::canary_commitment(core::Salt{7}, kSecret))); }

log::Opening opening_of_canary() {
  auto const body = json{{"id", kIndicator},
                         {"modified", "2026-01-02T03:04:05.000Z"},
                         {"pattern", "[llm-canary:commitment = '" + commitment() + "']"},
                         {"type", "indicator"}};
  return {core::Digest{3}, core::Salt{5}, body.dump()};
}

// The canary is entry 5 of 7, signed by the log and cosigned by the witnesses 2 and 3.
log::ProofFile proof_of(log::Opening const& opening, std::initializer_list<std::uint8_t> witnesses = {2, 3}) {
  std::vector<core::Digest> leaves(7);
  for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = log::leaf_hash("entry " + std::to_string(i));
  leaves[5] = log::leaf(opening.entry());
  auto const reader = log::reader_of(std::span<core::Digest const>(leaves));
  auto note = log::sign_checkpoint({"hub.example/data", 7, log::tree_root(reader, 7).value()}, log_key()).value();
  for (auto const number : witnesses) REQUIRE(note.add(log::cosign(witness(number), note.text(), kSeen + number)));
  return {opening.bytes(), 5, log::inclusion_proof(reader, 5, 7).value(), note.format()};
}

RevealedCanary revealed() {
  return {commitment(), core::Salt{7}, kSecret, kIndicator, proof_of(opening_of_canary()).text()};
}

std::string result_of(Steps const& steps, std::string const& what) {
  for (auto const& step : steps)
    if (step.what == what) return step.result == Step::Result::holds ? "holds: " + step.detail : "not: " + step.detail;
  return "absent";
}

bool verified(std::string const& text, TrustedKeys const& keys) {
  auto const proof = log::ProofFile::parse(text);
  if (!proof) return false;
  auto const steps = client::verify_proof(*proof, keys);
  return steps && client::all_hold(*steps);
}

}  // namespace

TEST_CASE("a proof holds step by step, and says since when and by whom it was seen", "[client][verify]") {
  auto const steps = client::verify_proof(proof_of(opening_of_canary()), trusted({2, 3})).value();
  CHECK(client::all_hold(steps));
  CHECK(result_of(steps, "object").starts_with("holds: " + kIndicator + " of 2026-01-02T03:04:05.000Z, "));
  CHECK(result_of(steps, "inclusion") == "holds: entry 5 of 7");
  CHECK(result_of(steps, "signature").starts_with("holds: by hub.example/data+"));
  CHECK(result_of(steps, "cosignature") == "holds: witness.example/w2 at 2023-11-14T22:13:22.000Z");
  // By the end of that second.
  CHECK(result_of(steps, "logged") == "holds: before 2023-11-14T22:13:23.000Z, witnessed by witness.example/w2");
}

TEST_CASE("a proof without a key, or with another log's, is not verified", "[client][verify]") {
  auto const proof = proof_of(opening_of_canary());
  auto const without = client::verify_proof(proof, {}).value();
  CHECK_FALSE(client::all_hold(without));
  CHECK(result_of(without, "signature").starts_with("not: no key"));
  TrustedKeys other;
  other.log = key(9, "hub.example/data", log::KeyType::signature).verifier();
  CHECK_FALSE(client::all_hold(client::verify_proof(proof, other).value()));
  other.log = key(1, "other.example/data", log::KeyType::signature).verifier();
  CHECK_FALSE(client::all_hold(client::verify_proof(proof, other).value()));
}

TEST_CASE("a witness that one asks for and that has not signed fails the proof", "[client][verify]") {
  auto const steps = client::verify_proof(proof_of(opening_of_canary(), {2}), trusted({2, 4})).value();
  CHECK_FALSE(client::all_hold(steps));
  CHECK(result_of(steps, "logged").ends_with("witnessed by witness.example/w2"));
}

TEST_CASE("what is not in the log was never seen there", "[client][verify]") {
  auto proof = proof_of(opening_of_canary());
  proof.index = 4;
  auto const steps = client::verify_proof(proof, trusted({2, 3})).value();
  CHECK(result_of(steps, "inclusion").starts_with("not: entry 4 of 7"));
  CHECK(result_of(steps, "cosignature").starts_with("holds: "));
  CHECK(result_of(steps, "logged") == "absent");
}

TEST_CASE("no byte of a proof can be changed, left out or added", "[client][verify]") {
  auto const text = proof_of(opening_of_canary()).text();
  auto const keys = trusted({2, 3});
  REQUIRE(verified(text, keys));
  for (std::size_t i = 0; i < text.size(); ++i) {
    INFO("byte " << i << " of " << text.size());
    for (int const bit : {1, 2, 4, 8, 16, 32, 64, 128}) {
      auto changed = text;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      CHECK_FALSE(verified(changed, keys));
    }
    CHECK_FALSE(verified(text.substr(0, i) + text.substr(i + 1), keys));
    CHECK_FALSE(verified(text.substr(0, i) + "A" + text.substr(i), keys));
  }
}

TEST_CASE("a revealed canary shows its secret, its indicator and its place in the log", "[client][verify][canary]") {
  auto const steps = client::verify_canary(revealed(), trusted({2, 3})).value();
  CHECK(client::all_hold(steps));
  CHECK(result_of(steps, "secret").starts_with("holds: 45 bytes"));
  CHECK(result_of(steps, "indicator").starts_with("holds: " + kIndicator));
  CHECK(RevealedCanary::parse(revealed().text()) == revealed());
}

TEST_CASE("a revealed canary with another secret, salt, indicator or proof is not believed",
          "[client][verify][canary]") {
  auto const holds = [](RevealedCanary const& canary) {
    auto const steps = client::verify_canary(canary, trusted({2, 3}));
    return steps && client::all_hold(*steps);
  };
  auto other = revealed();
  other.secret += "\n";
  CHECK_FALSE(holds(other));
  other = revealed();
  other.salt[31] ^= 1;
  CHECK_FALSE(holds(other));
  other = revealed();
  other.indicator.back() = '0';
  CHECK_FALSE(holds(other));
  other = revealed();
  other.secret = "guessed later";
  other.commitment = core::to_hex(core::view(kinds::canary_commitment(other.salt, other.secret)));
  CHECK_FALSE(holds(other));
  auto opening = opening_of_canary();
  opening.body.replace(opening.body.find("2026"), 4, "2025");
  other = revealed();
  auto moved = log::ProofFile::parse(*other.proof).value();
  moved.extra = opening.bytes();
  other.proof = moved.text();
  CHECK_FALSE(holds(other));
  other.proof.reset();
  CHECK_FALSE(holds(other));
}

TEST_CASE("verify reads a file, takes keys from files and profiles, and its exit code tells", "[client][verify]") {
  test::TaxiiScript taxii;
  auto const canary = taxii.folder().file("canary.json", revealed().text()).string();
  auto const proof = taxii.folder().file("proof.txt", proof_of(opening_of_canary()).text()).string();
  auto const text = log_key().verifier().text();
  auto const file = taxii.folder().file("tocsin/log.pub", text + "\n").string();
  taxii.set("XDG_CONFIG_HOME", taxii.folder().path().string());
  auto const run = taxii.run({"verify", canary, "--vkey", text, "--witness", witness(3).verifier().text()});
  INFO(run.out << run.err);
  CHECK(run.exit == Exit::ok);
  CHECK(run.out.starts_with("holds  secret  45 bytes"));
  CHECK(run.out.ends_with("verified\n"));
  auto const without = taxii.run({"verify", proof, "--json"});
  CHECK(without.exit == Exit::unverified);
  CHECK(json::parse(without.out).at("verified") == false);
  taxii.folder().file("tocsin/profiles.toml", "[default]\nurl = \"https://hub.example\"\nlog_key = \"@log.pub\"\n");
  CHECK(taxii.run({"verify", proof}).exit == Exit::ok);
  CHECK(taxii.run({"verify", proof, "--vkey", "@" + file}).exit == Exit::ok);
  CHECK(taxii.run({"verify", proof, "--vkey", witness(3).verifier().text()}).exit == Exit::local);
  CHECK(taxii.run({"verify", file}).exit == Exit::unverified);
  CHECK(taxii.run({"verify", "/absent"}).exit == Exit::local);
  CHECK(taxii.requests().empty());
}
