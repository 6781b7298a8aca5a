#include "server/match/item_observation.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "server/match/pattern/pattern.hpp"

namespace tocsin::match {
namespace {

using stix::Json;

std::string text_of(IpAddress const& address) {
  kinds::Network network;
  network.six = address.six;
  network.length = network.width();
  auto const octets = network.length / 8;
  for (unsigned at = 0; at < octets; ++at)
    network.bytes[at] = static_cast<std::uint8_t>(address.value >> (8 * (octets - 1 - at)));
  return kinds::to_text(network);
}

Json fingerprint(Field field, std::string const& value) {
  return {{"type", "tls-fingerprint"}, {"algorithm", name(field)}, {"value", value}};
}

// A name stands for itself and for the domains above it.
void add_names(std::string_view name, std::vector<Json>& out) {
  while (true) {
    out.push_back({{"type", "domain-name"}, {"value", name}});
    auto const dot = name.find('.');
    if (dot == name.npos) return;
    name.remove_prefix(dot + 1);
  }
}

Json account(std::string_view email_domain) {
  return {{"type", "user-account"},
          {"account_type", "llm-api"},
          {"extensions", {{std::string(kinds::kAccountExtension), {{"email_domain", email_domain}}}}}};
}

void add_accounts(std::string_view domain, std::vector<Json>& out) {
  for (auto dot = domain.find('.');; dot = domain.find('.')) {
    out.push_back(account(domain));
    if (dot == domain.npos) return;
    domain.remove_prefix(dot + 1);
  }
}

Json traffic(std::string const& user_agent) {
  return {{"type", "network-traffic"},
          {"extensions", {{"http-request-ext", {{"request_header", {{"User-Agent", user_agent}}}}}}}};
}

Json identifier(std::string_view text) {
  auto const end = text.find('\0');
  return {{"type", "keyed-identifier"}, {"kind", text.substr(0, end)}, {"value", text.substr(end + 1)}};
}

void add(Key const& key, std::vector<Json>& out) {
  switch (key.field) {
    case Field::domain:
      return add_names(key.text, out);
    case Field::email_domain:
      return add_accounts(key.text, out);
    case Field::ja4:
      for (auto const& form : forms_of_ja4(key.text))
        if (!form.text.empty()) out.push_back(fingerprint(key.field, form.text));
      return;
    case Field::ja3:
    case Field::ja4h:
      return out.push_back(fingerprint(key.field, key.text));
    case Field::user_agent:
      return out.push_back(traffic(key.text));
    case Field::identifier:
      return out.push_back(identifier(key.text));
    case Field::address:
    case Field::asn:
    case Field::prompt:
      return;  // an item has these outside its keys
  }
}

}  // namespace

ItemObservation::ItemObservation(Item const& item, std::int64_t now_us) : at_ns_(item.at_us.value_or(now_us) * 1'000) {
  if (item.address)
    observables_.push_back(
        {{"type", item.address->six ? "ipv6-addr" : "ipv4-addr"}, {"value", text_of(*item.address)}});
  if (item.asn) observables_.push_back({{"type", "autonomous-system"}, {"number", *item.asn}});
  for (auto const& key : item.keys) add(key, observables_);
}

bool ItemObservation::meets(Json const& indicator, Field by) const {
  auto const pattern = indicator.find("pattern");
  if (pattern == indicator.end() || !pattern->is_string() || indicator.value("pattern_type", "") != "stix")
    return false;
  auto const parsed = stix::pattern::parse(pattern->get_ref<std::string const&>());
  if (!parsed) return false;
  auto const compiled = pattern::Pattern::compile(*parsed);
  if (!compiled) return false;
  auto shown = observables_;
  if (by == Field::prompt)
    for (auto const& digest : kinds::values_of(indicator))
      shown.push_back({{"type", "prompt-template"}, {"template_sha256", digest}});
  std::vector<std::string> names;
  for (std::size_t at = 0; at < shown.size(); ++at) names.push_back(std::to_string(at));
  std::vector<pattern::Object> objects;
  for (std::size_t at = 0; at < shown.size(); ++at) objects.push_back(pattern::named_object(names[at], shown[at]));
  pattern::Observation const observation(at_ns_, std::move(objects));
  return compiled->matches({&observation, 1}) == pattern::Verdict::yes;
}

}  // namespace tocsin::match
