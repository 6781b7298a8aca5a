#include "schema/kinds/user_agent.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

constexpr char kWildcard = '%';

// Of wildcards alone it would be every client.
bool says_something(std::string_view text) { return text.find_first_not_of("%_ ") != text.npos; }

constexpr stix::rules::Format kAgent{
    says_something, "a user agent, or with % for any characters the pattern of some, and not of all", "[^%_ ]"};

Normalised normalise(Json native, std::vector<core::Error>&) { return std::vector<Json>{std::move(native)}; }

std::string pattern(Json const& native) {
  auto const value = native.at("value").get<std::string>();
  auto const op = value.find(kWildcard) == value.npos ? Operator::equal : Operator::like;
  return pattern_of(
      {comparison("network-traffic", {"extensions", "http-request-ext", "request_header", "User-Agent"}, op, value)});
}

core::Result<void> recognise(Json const& indicator, Json const&, Json& native) {
  auto const parsed = stix::pattern::parse(indicator.value("pattern", std::string()));
  auto const* test = parsed ? std::get_if<stix::pattern::Test>(&parsed->root.node) : nullptr;
  auto const* one = test != nullptr ? std::get_if<stix::pattern::Comparison>(&test->node) : nullptr;
  auto const* value = one != nullptr && one->values.size() == 1 ? std::get_if<std::string>(&one->values[0]) : nullptr;
  if (value == nullptr)
    return core::fail(core::Code::property_conflict, "The pattern is not of one user agent.", "/pattern",
                      "Read the object as STIX.");
  native["value"] = *value;
  return {};
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.user_agent; }
std::optional<std::int64_t> half_life(std::string_view) { return days(45); }

}  // namespace

// STIX has no observable of a user agent alone: network-traffic wants an address at one end.
constinit Kind const kUserAgent{
    .name = "user-agent",
    .meaning = "The user agent of clients that attacks come with.",
    .value = stix::rules::must("value", stix::rules::text(kAgent), "The header; with %, what is like it."),
    .floor = stix::Tlp::green,
    .collection = "network",
    .object_type = "malicious-activity",
    .normalise = normalise,
    .pattern = pattern,
    .recognise = recognise,
    .lifetime = lifetime,
    .half_life = half_life};

}  // namespace tocsin::kinds
