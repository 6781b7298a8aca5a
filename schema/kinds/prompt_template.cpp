#include "schema/kinds/prompt_template.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

// Hexadecimal digits are in lower case, so that equal values are equal texts.
Normalised normalise(Json native, std::vector<core::Error>&) {
  native["template_sha256"] = lower_case(native.at("template_sha256").get<std::string>());
  if (auto const prints = native.find("fingerprints"); prints != native.end())
    for (auto& one : prints->at("values")) one = lower_case(one.get<std::string>());
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  return pattern_of({comparison("prompt-template", {"template_sha256"}, Operator::equal,
                                native.at("template_sha256").get<std::string>())});
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.prompt_template; }
std::optional<std::int64_t> half_life(std::string_view) { return days(180); }

}  // namespace

constinit Kind const kPromptTemplate{
    .name = "prompt-template",
    .meaning = "A template behind many prompts. Its digest and fingerprints confirm guesses at its text.",
    .extension = kTemplateExtension,
    .floor = stix::Tlp::amber,
    .collection = "accounts-and-behaviour",
    .object_type = "malicious-activity",
    .normalise = normalise,
    .pattern = pattern,
    .lifetime = lifetime,
    .half_life = half_life};

}  // namespace tocsin::kinds
