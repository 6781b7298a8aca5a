#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/canary/bundle.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/verification/evidence_steps.hpp"
#include "clients/cpp/verification/named_key.hpp"
#include "clients/cpp/verification/recall.hpp"
#include "clients/cpp/verification/steps.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

Outcome<TrustedKeys> keys_of(VerifyOptions const& options, std::optional<std::string> const& pinned) {
  TrustedKeys out;
  if (auto const& named = options.log_key ? options.log_key : pinned) {
    auto key = named_key(*named, log::KeyType::signature, options.log_key ? "--vkey" : "log_key of the profile");
    if (!key) return std::unexpected(std::move(key.error()));
    out.log = *std::move(key);
  }
  for (auto const& witness : options.witnesses) {
    auto key = named_key(witness, log::KeyType::cosignature, "--witness");
    if (!key) return std::unexpected(std::move(key.error()));
    out.witnesses.push_back(*std::move(key));
  }
  return out;
}

core::Result<Steps> steps_of(std::string const& text, TrustedKeys const& keys) {
  if (log::Evidence::begins(text)) {
    auto const evidence = log::Evidence::parse(text);
    if (!evidence) return std::unexpected(evidence.error());
    return verify_contradiction(*evidence, keys);
  }
  if (log::RecallCertificate::begins(text)) {
    auto const certificate = log::RecallCertificate::parse(text);
    if (!certificate) return std::unexpected(certificate.error());
    return verify_recall(*certificate, keys);
  }
  if (!log::ProofFile::begins(text)) {
    auto const canary = RevealedCanary::parse(text);
    if (!canary) return std::unexpected(canary.error());
    return verify_canary(*canary, keys);
  }
  auto const proof = log::ProofFile::parse(text);
  if (!proof) return std::unexpected(proof.error());
  return verify_proof(*proof, keys);
}

std::string_view name(Step::Result result) {
  switch (result) {
    case Step::Result::holds:
      return "holds";
    case Step::Result::fails:
      return "fails";
    case Step::Result::unknown:
      return "unknown";
  }
  return "";
}

void print(Console& console, Steps const& steps, bool verified) {
  if (console.json) {
    json listed = json::array();
    for (auto const& step : steps)
      listed.push_back({{"step", step.what}, {"result", name(step.result)}, {"detail", step.detail}});
    console.out << json{{"verified", verified}, {"steps", std::move(listed)}}.dump() << '\n';
    return;
  }
  for (auto const& step : steps) console.out << name(step.result) << "  " << step.what << "  " << step.detail << '\n';
  console.out << (verified ? "verified\n" : "not verified\n");
}

}  // namespace

Outcome<Exit> verify(Console& console, VerifyOptions const& options, std::optional<std::string> const& pinned) {
  auto const keys = keys_of(options, pinned);
  if (!keys) return std::unexpected(keys.error());
  auto const text = read_file(options.file, options.file);
  if (!text) return std::unexpected(text.error());
  auto const steps = steps_of(*text, *keys);
  if (!steps)
    return fail(Exit::unverified, options.file + " shows nothing: " + steps.error().detail,
                "Ask whoever made the file for it once more.");
  bool const verified = all_hold(*steps);
  print(console, *steps, verified);
  return verified ? Exit::ok : Exit::unverified;
}

}  // namespace tocsin::client
