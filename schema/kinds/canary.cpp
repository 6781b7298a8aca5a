#include "schema/kinds/canary.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

Normalised normalise(Json native, std::vector<core::Error>&) {
  native["commitment"] = lower_case(native.at("commitment").get<std::string>());
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  return pattern_of(
      {comparison("llm-canary", {"commitment"}, Operator::equal, native.at("commitment").get<std::string>())});
}

// What was planted stays where it is.
std::optional<std::int64_t> lifetime(Json const&, Lifetimes const&) { return std::nullopt; }
std::optional<std::int64_t> half_life(std::string_view) { return std::nullopt; }

}  // namespace

constinit Kind const kCanary{.name = "canary",
                             .meaning = "A salted commitment to something planted. The secret never enters.",
                             .extension = kCanaryExtension,
                             .floor = stix::Tlp::green,  // a salted commitment tells nothing
                             .usual = stix::Tlp::red,
                             .collection = "accounts-and-behaviour",
                             .object_type = "malicious-activity",
                             .normalise = normalise,
                             .pattern = pattern,
                             .lifetime = lifetime,
                             .half_life = half_life};

}  // namespace tocsin::kinds
