// What `tocsin verify` finds in evidence against a log.
#include "clients/cpp/verification/evidence_steps.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using client::Step;
using client::Steps;
using client::TrustedKeys;

namespace {

log::SignerKey key(std::uint8_t number) {
  log::Seed seed;
  seed.fill(number);
  return log::SignerKey::make("hub.example/log", log::KeyType::signature, log::SigningKey::from_seed(seed)).value();
}

std::vector<core::Digest> leaves(std::size_t count, std::string const& first) {
  std::vector<core::Digest> out{log::leaf_hash(first)};
  for (std::size_t i = 1; i < count; ++i) out.push_back(log::leaf_hash("entry " + std::to_string(i)));
  return out;
}

std::string note_of(std::vector<core::Digest> const& leaves) {
  auto const root = log::tree_root(log::reader_of(leaves), leaves.size()).value();
  return log::sign_checkpoint({"hub.example/log", leaves.size(), root}, key(1)).value().format();
}

log::Evidence rewritten() {
  auto const before = leaves(3, "one"), after = leaves(9, "another");
  auto const reader = log::reader_of(after);
  return {key(1).verifier(), note_of(before), note_of(after),
          log::Evidence::Beginning{log::tree_root(reader, 3).value(), log::consistency_proof(reader, 3, 9).value()}};
}

log::Evidence forked() { return {key(1).verifier(), note_of(leaves(3, "one")), note_of(leaves(3, "another")), {}}; }

Step step(Steps const& steps, std::string const& what) {
  for (auto const& one : steps)
    if (one.what == what) return one;
  return {"absent", Step::Result::unknown, ""};
}

TrustedKeys trusted(std::uint8_t number) { return {key(number).verifier(), {}}; }

}  // namespace

TEST_CASE("evidence holds when the log's key signed both and they contradict each other", "[client][verify]") {
  for (auto const& evidence : {forked(), rewritten()}) {
    auto const steps = client::verify_contradiction(evidence, trusted(1)).value();
    CHECK(client::all_hold(steps));
    CHECK(step(steps, "first").detail.starts_with("hub.example/log, size 3, root "));
    CHECK(step(steps, "signature").detail.starts_with("of both by hub.example/log+"));
  }
  CHECK(step(client::verify_contradiction(forked(), trusted(1)).value(), "contradiction").detail ==
        "size 3 has two roots");
  CHECK(step(client::verify_contradiction(rewritten(), trusted(1)).value(), "contradiction")
            .detail.starts_with("the second tree begins with another one than the first: size 3, root "));
}

TEST_CASE("evidence shows nothing of a log whose key is not known, or is another", "[client][verify]") {
  auto const without = client::verify_contradiction(forked(), {}).value();
  CHECK_FALSE(client::all_hold(without));
  CHECK(step(without, "signature").result == Step::Result::unknown);
  CHECK(step(without, "contradiction").result == Step::Result::holds);
  auto const other = client::verify_contradiction(forked(), trusted(2)).value();
  CHECK(step(other, "signature").result == Step::Result::fails);
}

TEST_CASE("two statements that agree are evidence of nothing", "[client][verify]") {
  auto evidence = rewritten();
  evidence.first = note_of(leaves(3, "another"));
  auto const steps = client::verify_contradiction(evidence, trusted(1)).value();
  CHECK(step(steps, "signature").result == Step::Result::holds);
  CHECK(step(steps, "contradiction").result == Step::Result::fails);
  CHECK_FALSE(client::all_hold(steps));
}
