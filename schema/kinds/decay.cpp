#include "schema/kinds/decay.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::kinds {
namespace {

constexpr double kMicroseconds = 1e6;  // of a second

std::optional<std::int64_t> moment_in(Json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  auto const parsed = stix::Timestamp::parse(found->get_ref<std::string const&>());
  return parsed ? std::optional(parsed->microseconds()) : std::nullopt;
}

std::optional<std::int64_t> half_life_of(Json const& facts, std::span<std::string const> values) {
  auto const named = facts.find("indicator_kind");
  auto const* kind =
      named != facts.end() && named->is_string() ? find_kind(named->get_ref<std::string const&>()) : nullptr;
  if (kind == nullptr || kind->half_life == nullptr) return std::nullopt;
  if (values.empty()) return kind->half_life("");
  std::optional<std::int64_t> out;
  for (auto const& value : values)
    if (auto const one = kind->half_life(value)) out = std::min(out.value_or(*one), *one);
  return out;
}

}  // namespace

std::optional<std::int64_t> confidence_now(Json const& indicator, std::span<std::string const> values,
                                           std::int64_t now_us) {
  auto const stated = indicator.find("confidence");
  if (stated == indicator.end() || !stated->is_number_integer()) return std::nullopt;
  auto const confidence = stated->get<std::int64_t>();
  auto const until = moment_in(indicator, "valid_until");
  if (indicator.value("revoked", false) || (until && *until <= now_us)) return 0;
  auto const& facts = indicator_facts(indicator);
  auto const half_life = half_life_of(facts, values);
  if (!half_life) return confidence;
  // Nobody has seen yet what is to come.
  auto const active = moment_in(facts, "last_activity").value_or(0);
  auto const age = now_us - std::max({moment_in(indicator, "modified").value_or(0),
                                      moment_in(indicator, "valid_from").value_or(0), active <= now_us ? active : 0});
  if (age <= 0) return confidence;
  double const halvings = static_cast<double>(age) / kMicroseconds / static_cast<double>(*half_life);
  return std::llround(static_cast<double>(confidence) * std::exp2(-halvings));
}

}  // namespace tocsin::kinds
