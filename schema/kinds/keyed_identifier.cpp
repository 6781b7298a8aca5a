#include "schema/kinds/keyed_identifier.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::string_view kType = "keyed-identifier";

Normalised normalise(Json native, std::vector<core::Error>&) {
  native["value"] = lower_case(native.at("value").get<std::string>());
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  return pattern_of({comparison(kType, {"kind"}, Operator::equal, native.at("identifier_kind").get<std::string>()),
                     comparison(kType, {"value"}, Operator::equal, native.at("value").get<std::string>())});
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.keyed_identifier; }
std::optional<std::int64_t> half_life(std::string_view) { return days(90); }

}  // namespace

constinit Kind const kKeyedIdentifier{
    .name = "keyed-identifier",
    .meaning = "An identifier of a person or a means of payment, as a hash under a key that a named audience holds.",
    .extension = kKeyedExtension,
    .floor = stix::Tlp::amber_strict,
    .needs_audience = true,
    .collection = "accounts-and-behaviour",
    .object_type = "malicious-activity",
    .retention_days = 365,
    .normalise = normalise,
    .pattern = pattern,
    .lifetime = lifetime,
    .half_life = half_life};

}  // namespace tocsin::kinds
