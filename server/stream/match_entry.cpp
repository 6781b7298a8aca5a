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
// Of an indicator that is held against traffic: anybody may have written it, and each item that it may be hit by is
// held against all of it.
constexpr std::int64_t kMostBytes = 64 << 10;
constexpr std::size_t kMostPairs = 1'024;  // of kinds and values of keyed identifiers

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

// What a keyed identifier's pattern compares with: kinds and values stand in it beside each other, and which belong
// together is decided when it is hit.
struct Compared {
  std::vector<std::string> kinds, values;

  void take(stix::pattern::Comparison const& one) {
    using enum stix::pattern::Operator;
    auto const* step = one.path.steps.empty() ? nullptr : std::get_if<std::string>(&one.path.steps.back());
    if (one.path.type != kKeyed || step == nullptr || one.negated || (one.op != equal && one.op != in)) return;
    for (auto const& value : one.values)
      if (auto const* text = std::get_if<std::string>(&value)) {
        if (*step == "kind") kinds.push_back(*text);
        if (*step == "value") values.push_back(*text);
      }
  }
};

void add_identifiers(match::Entry& entry, stix::Json const& object) {
  auto const parsed = stix::pattern::parse(object.value("pattern", std::string()));
  if (!parsed) return;
  Compared compared;
  stix::pattern::for_each_comparison(parsed->root, [&](auto const& one) { compared.take(one); });
  if (compared.kinds.size() * compared.values.size() > kMostPairs) return;
  for (auto const& kind : compared.kinds)
    for (auto const& value : compared.values)
      if (auto key = match::parse_identifier(kind, value)) entry.keys.push_back(*std::move(key));
}

ByKind const* by_kind(std::string_view kind) {
  auto const found = std::ranges::find(kByKind, kind, &ByKind::kind);
  return found == std::end(kByKind) ? nullptr : found;
}

void add_from_bytes(match::Entry& entry, std::string_view kind, std::string_view bytes) {
  auto const object = stix::parse_json(bytes);
  if (!object) return;  // it was erased
  if (kind == kKeyed) return add_identifiers(entry, *object);
  for (auto const& value : kinds::values_of(*object)) by_kind(kind)->add(entry, value);
}

}  // namespace

std::string_view kind_of(store::ListedIndicator const& one) {
  return one.keys.empty() ? std::string_view() : kinds::kind_of_key(one.keys.front());
}

// The key of a long value is a digest of it, and of many values not all have one.
bool needs_bytes(store::ListedIndicator const& one) {
  if (one.bytes > kMostBytes) return false;
  auto const kind = kind_of(one);
  if (kind == kKeyed) return true;
  if (by_kind(kind) == nullptr) return false;
  return one.keys.size() == kinds::kMostKeys ||
         std::ranges::any_of(one.keys, [](auto const& key) { return !kinds::value_of_key(key); });
}

bool is_template(store::ListedIndicator const& one) {
  return one.bytes <= kMostBytes && kind_of(one) == "prompt-template";
}

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
  auto const* by = by_kind(kind);
  if (one.bytes > kMostBytes) return out;
  if (!bytes.empty())
    add_from_bytes(out, kind, bytes);
  else if (by != nullptr)
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
