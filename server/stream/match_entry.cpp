#include "server/stream/match_entry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "schema/core/digest.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"

namespace tocsin::stream {
namespace {

using match::Field;

constexpr std::string_view kKeyed = "keyed-identifier";

void add_key(match::Entry& entry, Field field, std::string_view text) {
  if (auto key = match::parse_key(field, text)) entry.keys.push_back(*std::move(key));
}

void add_networks(match::Entry& entry, std::string_view text) {
  if (auto const parsed = kinds::parse_networks(text))
    for (auto const& network : parsed->all) entry.networks.push_back(match::folded(network));
}

void add_number(match::Entry& entry, std::string_view text) {
  entry.asns.push_back(static_cast<std::uint32_t>(std::stoul(std::string(text.substr(2)))));
}

// Its algorithm is told by its form.
void add_fingerprint(match::Entry& entry, std::string_view text) {
  for (auto const field : {Field::ja3, Field::ja4})
    if (auto key = match::parse_key(field, text)) {
      entry.keys.push_back(*std::move(key));
      return;
    }
  add_key(entry, Field::ja4h, text);
}

// Of an account's traits only the domain of its mail can be looked up; whether the others hold is decided when it is
// hit.
void add_trait(match::Entry& entry, std::string_view text) {
  if (text.contains('.')) add_key(entry, Field::email_domain, text);
}

// What is like a user agent is looked up by no value.
void add_user_agent(match::Entry& entry, std::string_view text) {
  if (!text.contains('%')) add_key(entry, Field::user_agent, text);
}

struct ByKind {
  std::string_view kind;
  void (*add)(match::Entry& entry, std::string_view text);
};
constexpr ByKind kByKind[] = {
    {"account-pattern", add_trait},
    {"ip-range", add_networks},
    {"proxy-asn", add_number},
    {"proxy-domain", [](match::Entry& entry, std::string_view text) { add_key(entry, Field::domain, text); }},
    {"tls-fingerprint", add_fingerprint},
    {"user-agent", add_user_agent}};

// A keyed identifier: its kind and its value stand in the pattern beside each other.
void add_identifier(match::Entry& entry, stix::Json const& object) {
  auto const parsed = stix::pattern::parse(object.value("pattern", std::string()));
  if (!parsed) return;
  std::string kind, value;
  stix::pattern::for_each_comparison(parsed->root, [&](stix::pattern::Comparison const& one) {
    auto const* step = one.path.steps.empty() ? nullptr : std::get_if<std::string>(&one.path.steps.back());
    auto const* text = one.values.size() == 1 ? std::get_if<std::string>(&one.values.front()) : nullptr;
    if (one.path.type != kKeyed || step == nullptr || text == nullptr) return;
    if (*step == "kind") kind = *text;
    if (*step == "value") value = *text;
  });
  if (auto key = match::parse_identifier(kind, value)) entry.keys.push_back(*std::move(key));
}

void add_from_bytes(match::Entry& entry, std::string_view kind, std::string_view bytes) {
  auto const object = stix::parse_json(bytes);
  if (!object) return;  // it was erased
  if (kind == kKeyed) return add_identifier(entry, *object);
  for (auto const& value : kinds::values_of(*object)) add_user_agent(entry, value);
}

std::string_view kind_of(store::ListedIndicator const& one) {
  return one.keys.empty() ? std::string_view() : kinds::kind_of_key(one.keys.front());
}

}  // namespace

// The key of a long user agent is a digest of it.
bool needs_bytes(store::ListedIndicator const& one) {
  auto const kind = kind_of(one);
  return kind == kKeyed || (kind == "user-agent" && !kinds::value_of_key(one.keys.front()));
}

bool is_template(store::ListedIndicator const& one) { return kind_of(one) == "prompt-template"; }

match::Entry match_entry(store::ListedIndicator const& one, std::uint32_t shown, std::string_view bytes) {
  match::Entry out;
  auto const kind = kind_of(one);
  out.facts.row = one.version;
  out.facts.kind = kinds::find_kind(kind);
  out.facts.asserter = one.asserter;
  out.facts.valid_from_us = one.valid_from_us;
  out.facts.valid_until_us = one.valid_until_us.value_or(match::kForGood);
  if (one.confidence) out.facts.confidence = static_cast<std::int8_t>(*one.confidence);
  out.classes = {shown};
  if (!bytes.empty()) {
    add_from_bytes(out, kind, bytes);
    return out;
  }
  auto const by = std::ranges::find(kByKind, kind, &ByKind::kind);
  if (by == std::end(kByKind)) return out;
  for (auto const& key : one.keys)
    if (auto const value = kinds::value_of_key(key)) by->add(out, *value);
  return out;
}

core::Uuid match_id(store::RowId collection, store::ListedIndicator const& one) {
  auto const text =
      std::to_string(collection) + '/' + std::to_string(one.asserter) + '/' + core::to_text(one.indicator);
  core::Uuid out{};
  std::ranges::copy_n(core::sha256(text).begin(), out.size(), out.begin());
  return out;
}

}  // namespace tocsin::stream
