#include "schema/kinds/campaign.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/folded_name.hpp"
#include "schema/kinds/rounded_count.hpp"
#include "schema/stix/rules/cross.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

using namespace stix::rules;

constexpr auto kRows = table(rows(
    must("name", text(kReadableName), "What you call it: said again, it is a version of the same campaign."),
    may("aliases", list(text()), "What else it is called."), may("first_seen", timestamp(), "When it was first seen."),
    may("last_seen", timestamp(), "When it was last seen."), may("objective", text(), "What it was to achieve.")));
constexpr std::array kRules{not_before("last_seen", "first_seen")};

// What is not known exactly is not shared with digits that nobody knows.
void round_count(Json& native, char const* name, std::vector<core::Error>& notes) {
  auto const count = native.find(name);
  if (count == native.end()) return;
  auto const basis = native.at(std::string(name) + "_basis").get<std::string>();
  auto const exact =
      count->is_number_float() ? static_cast<std::uint64_t>(count->get<double>()) : count->get<std::uint64_t>();
  if (basis == "exact") return;
  auto const shared = rounded_count(exact, basis == "lower-bound");
  if (shared == exact) return;
  *count = shared;
  notes.push_back({core::Code::property_value, "`" + std::string(name) + "` was rounded to two digits.",
                   "/" + std::string(name), "Say that its basis is `exact` to share it as it is."});
}

Normalised normalise(Json native, std::vector<core::Error>& notes) {
  native["name"] = trimmed_name(native.at("name").get_ref<std::string const&>());
  for (auto const* name : {"account_count", "exchange_count", "token_count"}) round_count(native, name, notes);
  return std::vector<Json>{std::move(native)};
}

std::string folded(Json const& native) { return folded_name(native.at("name").get_ref<std::string const&>()); }

}  // namespace

constinit Kind const kCampaign{.name = "campaign",
                               .meaning = "An attack on a model over time: its size, its aim and its turns.",
                               .object = "campaign",
                               .rows = kRows,
                               .rules = kRules,
                               .extension = kCampaignExtension,
                               .floor = stix::Tlp::amber,
                               .collection = "campaigns",
                               .normalise = normalise,
                               .pattern = folded};

}  // namespace tocsin::kinds
