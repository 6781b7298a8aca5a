#include "schema/kinds/usage_profile.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/print.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

namespace pattern = stix::pattern;

constexpr std::string_view kType = "llm-usage-profile";

bool is_of_profile(pattern::Test const& test) {
  if (auto const* one = std::get_if<pattern::Comparison>(&test.node)) return one->path.type == kType;
  return std::ranges::all_of(std::get<pattern::Junction>(test.node).operands, is_of_profile);
}

// One observation without qualifiers: a profile is of a window of time as it is.
bool is_thresholds(std::string_view text) {
  auto const parsed = pattern::parse(text);
  if (!parsed || !parsed->root.qualifiers.empty()) return false;
  auto const* test = std::get_if<pattern::Test>(&parsed->root.node);
  return test != nullptr && is_of_profile(*test);
}

constexpr stix::rules::Format kThresholds{
    is_thresholds, "a STIX pattern of one observation that compares properties of llm-usage-profile", "\\["};

Normalised normalise(Json native, std::vector<core::Error>&) {
  native["value"] = pattern::print(*pattern::parse(native.at("value").get<std::string>()));
  return std::vector<Json>{std::move(native)};
}

std::string pattern_text(Json const& native) { return native.at("value").get<std::string>(); }

core::Result<void> recognise(Json const& indicator, Json const&, Json& native) {
  native["value"] = indicator.at("pattern");
  return {};
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.usage_profile; }
std::optional<std::int64_t> half_life(std::string_view) { return days(90); }

}  // namespace

constinit Kind const kUsageProfile{
    .name = "usage-profile",
    .meaning = "How a cluster of accounts uses a model, in figures, and the thresholds that tell such a cluster.",
    .extension = kProfileExtension,
    .value = stix::rules::must("value", stix::rules::text(kThresholds), "The thresholds, as a STIX pattern."),
    .identified = false,
    .floor = stix::Tlp::amber,
    .collection = "accounts-and-behaviour",
    .object_type = "anomalous-activity",
    .normalise = normalise,
    .pattern = pattern_text,
    .recognise = recognise,
    .lifetime = lifetime,
    .half_life = half_life};

}  // namespace tocsin::kinds
