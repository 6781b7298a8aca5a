#include "schema/kinds/ip_range.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/network.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

// What is wrong with a value of these characters, normalise() says.
bool may_be_networks(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789ABCDEFabcdef:./ -") == text.npos;
}

constexpr stix::rules::Format kNetworks{
    may_be_networks, "an address, a network such as 203.0.113.0/24, or a range first-last", "^[0-9A-Fa-f:./ -]+$"};

std::string const& value_of(Json const& document) { return document.at("value").get_ref<std::string const&>(); }

bool is_six(std::string_view value) { return value.find(':') != value.npos; }
bool is_single(std::string_view value) { return value.find('/') == value.npos; }

Normalised normalise(Json native, std::vector<core::Error>& notes) {
  auto const networks = parse_networks(value_of(native));
  if (!networks) return std::unexpected(networks.error());
  if (networks->had_host_bits)
    notes.push_back({core::Code::property_value, "The network had bits set beyond its length; they were cleared.",
                     "/value", "Check that the whole network is meant, and not one address."});
  std::vector<Json> out;
  for (auto const& network : networks->all) {
    out.push_back(native);
    out.back()["value"] = to_text(network);
  }
  return out;
}

std::string_view type_of(std::string_view value) { return is_six(value) ? "ipv6-addr" : "ipv4-addr"; }

std::string pattern(Json const& native) {
  auto const& value = value_of(native);
  auto const op = is_single(value) ? Operator::equal : Operator::is_subset;
  return pattern_of({comparison(type_of(value), {"value"}, op, value)});
}

Json observable(Json const& native) {
  auto const& value = value_of(native);
  return {{"type", type_of(value)}, {"value", value}};
}

core::Result<void> recognise(Json const&, Json const& observable, Json& native) {
  native["value"] = observable.at("value");
  return {};
}

std::optional<std::int64_t> lifetime(Json const& native, Lifetimes const& of) {
  if (!is_single(value_of(native))) return of.network;
  auto const proxy_class = native.value("proxy_class", std::string());
  return proxy_class == "residential" || proxy_class == "mobile" ? of.changing_address : of.address;
}

std::optional<std::int64_t> half_life(std::string_view value) { return is_single(value) ? days(3) : days(14); }

}  // namespace

constinit Kind const kIpRange{
    .name = "ip-range",
    .meaning = "An address, a network or a range of addresses that attacks come from.",
    .extension = kProxyExtension,
    .value = stix::rules::must("value", stix::rules::text(kNetworks),
                               "IPv4 or IPv6: an address, a network, or a range, which is split into networks."),
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
