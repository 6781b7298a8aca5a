#include "clients/cpp/canary/bundle.hpp"

#include <nlohmann/json.hpp>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/kinds/canary_commitment.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;
using enum Step::Result;

constexpr auto kType = "tocsin-canary";
constexpr std::size_t kMembers = 7;  // besides `proof`

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

std::string hex(core::Digest const& digest) { return core::to_hex(core::view(digest)); }

Step commitment_step(RevealedCanary const& canary) {
  auto const made = hex(kinds::canary_commitment(canary.salt, canary.secret));
  if (made != canary.commitment) return {"secret", fails, "secret and salt are another commitment's: " + made};
  return {"secret", holds,
          std::to_string(canary.secret.size()) + " bytes, with their salt the commitment " + canary.commitment};
}

// The indicator has the commitment in its pattern, and nothing else there.
Step object_step(RevealedCanary const& canary, log::Opening const& opening) {
  auto const object = stix::parse_json(opening.body);
  bool const same = object && object->is_object() && text_or(*object, "id") == canary.indicator &&
                    text_or(*object, "pattern") == "[llm-canary:commitment = '" + canary.commitment + "']";
  return {"indicator", same ? holds : fails,
          printable(canary.indicator) +
              (same ? " is of this commitment" : " is not the object of the proof, or of another commitment")};
}

}  // namespace

std::string RevealedCanary::text() const {
  json document{{"type", kType},
                {"version", 1},
                {"scheme", kinds::kSaltedSha256},
                {"commitment", commitment},
                {"salt", core::to_hex(core::view(salt))},
                {"secret", core::to_base64(secret)},
                {"indicator", indicator}};
  if (proof) document["proof"] = *proof;
  return document.dump(1) + "\n";
}

core::Result<RevealedCanary> RevealedCanary::parse(std::string_view text) {
  auto const document = stix::parse_json(text);
  if (!document || !document->is_object() || text_or(*document, "type") != kType)
    return malformed("The file is no revealed canary.");
  if (number_or(*document, "version", 0) != 1 || text_or(*document, "scheme") != kinds::kSaltedSha256)
    return malformed("The canary is of a version or scheme that is not known here.");
  if (document->size() != kMembers + document->count("proof"))
    return malformed("The canary has members that are not known here.");
  auto const salt = core::to_array<32>(core::from_hex(text_or(*document, "salt")).value_or(""));
  auto secret = core::from_base64(text_or(*document, "secret"));
  if (!salt || !secret) return malformed("The salt is not 64 digits, or the secret is not base64.");
  RevealedCanary out{.commitment = text_or(*document, "commitment"),
                     .salt = *salt,
                     .secret = *std::move(secret),
                     .indicator = text_or(*document, "indicator"),
                     .proof = std::nullopt};
  if (document->contains("proof")) out.proof = text_or(*document, "proof");
  return out;
}

core::Result<Steps> verify_canary(RevealedCanary const& canary, TrustedKeys const& keys) {
  Steps steps{commitment_step(canary)};
  if (!canary.proof) {
    steps.push_back({"log", unknown, "the canary is in no log: when it was shared is its owner's word"});
    return steps;
  }
  auto const proof = log::ProofFile::parse(*canary.proof);
  if (!proof) return std::unexpected(proof.error());
  auto const opening = opening_of(*proof);
  if (!opening) return std::unexpected(opening.error());
  steps.push_back(object_step(canary, *opening));
  auto proven = verify_proof(*proof, keys);
  if (!proven) return proven;
  steps.insert(steps.end(), proven->begin(), proven->end());
  return steps;
}

}  // namespace tocsin::client
