#include "schema/kinds/proxy_asn.hpp"

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

// AS numbers have 32 bits (RFC 6793).
std::optional<std::uint32_t> number_of(std::string_view text) {
  if (text.size() > 2 && (text[0] | 32) == 'a' && (text[1] | 32) == 's') text.remove_prefix(2);
  std::uint32_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_number(std::string_view text) { return number_of(text).has_value(); }

constexpr stix::rules::Format kNumber{is_number, "the number of an autonomous system, as AS64500 or 64500",
                                      "^([Aa][Ss])?[0-9]+$"};

std::uint32_t number_in(Json const& native) { return *number_of(native.at("value").get_ref<std::string const&>()); }

Normalised normalise(Json native, std::vector<core::Error>&) {
  native["value"] = "AS" + std::to_string(number_in(native));
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  return pattern_of({comparison("autonomous-system", {"number"}, Operator::equal, std::int64_t{number_in(native)})});
}

Json observable(Json const& native) { return {{"type", "autonomous-system"}, {"number", number_in(native)}}; }

core::Result<void> recognise(Json const&, Json const& observable, Json& native) {
  native["value"] = stix::canonical_json(observable.at("number"));
  return {};
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.proxy_asn; }
std::optional<std::int64_t> half_life(std::string_view) { return days(90); }

}  // namespace

constinit Kind const kProxyAsn{.name = "proxy-asn",
                               .meaning = "An autonomous system that proxies of attacks are in.",
                               .extension = kProxyExtension,
                               .value = stix::rules::must("value", stix::rules::text(kNumber), "Its number."),
                               .greatest = std::numeric_limits<std::uint32_t>::max(),
                               .floor = stix::Tlp::green,
                               .collection = "network",
                               .object_type = "anonymization",
                               .normalise = normalise,
                               .pattern = pattern,
                               .observable = observable,
                               .recognise = recognise,
                               .lifetime = lifetime,
                               .half_life = half_life};

}  // namespace tocsin::kinds
