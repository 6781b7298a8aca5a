#include "server/match/item_observation.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "server/match/spelling.hpp"

namespace tocsin::match {
namespace {

using stix::Json;

std::string text_of(IpAddress const& address) {
  return text_of(IpNetwork{address.value, address.six, static_cast<std::uint8_t>(address.six ? 128 : 32)});
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

std::vector<Json> observables_of(Item const& item) {
  std::vector<Json> out;
  if (item.address)
    out.push_back({{"type", item.address->six ? "ipv6-addr" : "ipv4-addr"}, {"value", text_of(*item.address)}});
  if (item.asn) out.push_back({{"type", "autonomous-system"}, {"number", *item.asn}});
  for (auto const& key : item.keys) add(key, out);
  return out;
}

// Without names: none refers to another.
std::vector<pattern::Object> objects_of(std::vector<Json> const& observables) {
  std::vector<pattern::Object> out;
  for (auto const& one : observables) out.push_back(pattern::named_object({}, one));
  return out;
}

// What lies beyond what nanoseconds can say is moved to the end of it.
std::int64_t instant_of(std::int64_t microseconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1'000;
  return std::clamp(microseconds, -kMost, kMost) * 1'000;
}

}  // namespace

ItemObservation::ItemObservation(Item const& item, std::int64_t now_us)
    : observables_(observables_of(item)),
      observation_(instant_of(item.at_us.value_or(now_us)), objects_of(observables_)) {}

bool ItemObservation::meets(pattern::Pattern const& pattern) const {
  return pattern.matches({&observation_, 1}) == pattern::Verdict::yes;
}

bool ItemObservation::meets(pattern::Pattern const& pattern, std::span<Json const> more) const {
  if (more.empty()) return meets(pattern);
  std::vector<pattern::Object> objects(observation_.objects().begin(), observation_.objects().end());
  for (auto const& one : more) objects.push_back(pattern::named_object({}, one));
  pattern::Observation const observation(observation_.first(), std::move(objects));
  return pattern.matches({&observation, 1}) == pattern::Verdict::yes;
}

std::vector<Json> templates_of(Json const& indicator) {
  std::vector<Json> out;
  for (auto const& digest : kinds::values_of(indicator))
    out.push_back({{"type", "prompt-template"}, {"template_sha256", digest}});
  return out;
}

std::optional<pattern::Pattern> pattern_of(Json const& indicator) {
  auto const text = indicator.find("pattern");
  if (text == indicator.end() || !text->is_string() || indicator.value("pattern_type", "") != "stix")
    return std::nullopt;
  auto parsed = stix::pattern::parse(text->get_ref<std::string const&>());
  if (!parsed) return std::nullopt;
  respell(*parsed);
  auto compiled = pattern::Pattern::compile(*parsed);
  return compiled ? std::optional(*std::move(compiled)) : std::nullopt;
}

}  // namespace tocsin::match
