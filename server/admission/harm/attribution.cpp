#include "server/admission/harm/attribution.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/own_vocabularies.hpp"
#include "schema/stix/rules/vocabularies.hpp"

namespace tocsin::admission::harm {
namespace {

using core::Code;
using stix::Json;

// Not of STIX: an attribution is no indicator, whose extension has such a list.
constexpr char kBasis[] = "x_evidence_basis";

bool is_basis(Json const& word) {
  return word.is_string() &&
         stix::rules::contains(stix::rules::kEvidenceBasis.values, word.get_ref<std::string const&>());
}

bool rests_on_something(Json const& document) {
  auto const basis = document.find(kBasis);
  return basis != document.end() && basis->is_array() && !basis->empty() && std::ranges::all_of(*basis, is_basis);
}

std::string words() {
  std::string out;
  for (auto const word : stix::rules::kEvidenceBasis.values) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

}  // namespace

bool is_attribution(Json const& document) {
  auto const type = document.value("type", std::string());
  if (type == "threat-actor") return true;
  // A custom type has anything under these names.
  if (type != "relationship" || document.value("relationship_type", std::string()) != "attributed-to") return false;
  auto const target = document.value("target_ref", std::string());
  return target.starts_with("identity--") || target.starts_with("threat-actor--");
}

std::vector<core::Error> attribution_findings(Json const& document, AttributionMarking marking) {
  std::vector<core::Error> out;
  auto const confidence = document.find("confidence");
  if (confidence == document.end() || *confidence == 0)
    out.push_back({Code::attribution_unsupported, "An attribution says how sure its author is, from 1 to 100.",
                   "/confidence", "Add `confidence`."});
  if (!rests_on_something(document))
    out.push_back({Code::attribution_unsupported, "An attribution says what it rests on, in `x_evidence_basis`.",
                   std::string("/") + kBasis, "Add the list, of these words: " + words() + "."});
  if (marking.level < stix::Tlp::amber_strict)
    out.push_back({Code::marking_below_floor, "An attribution is not shared more widely than TLP:AMBER+STRICT.",
                   "/object_marking_refs", "Mark it with AMBER+STRICT or RED."});
  if (marking.audience && !marking.agreed)
    out.push_back({Code::attribution_unsupported, "An attribution is shown to others when two people agreed to it.",
                   "/object_marking_refs",
                   "Store it without an audience, for your own organisation, then release it: `tocsin release`."});
  return out;
}

}  // namespace tocsin::admission::harm
