#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/canary/bundle.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/verification/steps.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

// "name+c74f20a3+…", or @FILE that holds it.
Outcome<log::VerifierKey> key_of(std::string text, log::KeyType type, std::string const& option) {
  if (text.starts_with('@')) {
    auto read = read_file(text.substr(1), "The key's file " + text.substr(1));
    if (!read) return std::unexpected(std::move(read.error()));
    text = *std::move(read);
    while (text.ends_with('\n')) text.pop_back();
  }
  auto key = log::VerifierKey::parse(text);
  if (!key || key->type() != type)
    return fail(Exit::local,
                option + " is no public key of a " + (type == log::KeyType::signature ? "log." : "witness."),
                "It is one line, name+number+key, as the operator of the instance publishes it.");
  return *std::move(key);
}

Outcome<TrustedKeys> keys_of(VerifyOptions const& options, std::optional<std::string> const& pinned) {
  TrustedKeys out;
  if (auto const& named = options.log_key ? options.log_key : pinned) {
    auto key = key_of(*named, log::KeyType::signature, options.log_key ? "--vkey" : "log_key of the profile");
    if (!key) return std::unexpected(std::move(key.error()));
    out.log = *std::move(key);
  }
  for (auto const& witness : options.witnesses) {
    auto key = key_of(witness, log::KeyType::cosignature, "--witness");
    if (!key) return std::unexpected(std::move(key.error()));
    out.witnesses.push_back(*std::move(key));
  }
  return out;
}

core::Result<Steps> steps_of(std::string const& text, TrustedKeys const& keys) {
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
