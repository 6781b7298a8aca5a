#include "server/match/looked_up.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"

namespace tocsin::match {
namespace {

constexpr std::size_t kMostPairs = 1'024;  // of kinds and values of keyed identifiers

void add_key(Entry& entry, Field field, std::string_view text) {
  if (auto key = parse_key(field, text)) entry.keys.push_back(*std::move(key));
}

void add_networks(Entry& entry, std::string_view text) {
  if (auto const parsed = kinds::parse_networks(text))
    for (auto const& network : parsed->all) entry.networks.push_back(folded(network));
}

void add_number(Entry& entry, std::string_view text) {
  entry.asns.push_back(static_cast<std::uint32_t>(std::stoul(std::string(text.substr(2)))));
}

// Its algorithm is told by its form.
void add_fingerprint(Entry& entry, std::string_view text) {
  for (auto const field : {Field::ja3, Field::ja4})
    if (auto key = parse_key(field, text)) {
      entry.keys.push_back(*std::move(key));
      return;
    }
  add_key(entry, Field::ja4h, text);
}

// Of an account's traits only the domain of its mail can be looked up; whether the others hold is decided when it is
// hit.
void add_trait(Entry& entry, std::string_view text) {
  if (text.contains('.')) add_key(entry, Field::email_domain, text);
}

// What is like a user agent is looked up by no value.
void add_user_agent(Entry& entry, std::string_view text) {
  if (!text.contains('%')) add_key(entry, Field::user_agent, text);
}

struct ByKind {
  std::string_view kind;
  void (*add)(Entry& entry, std::string_view text);
};
constexpr ByKind kByKind[] = {
    {"account-pattern", add_trait},
    {"ip-range", add_networks},
    {"proxy-asn", add_number},
    {"proxy-domain", [](Entry& entry, std::string_view text) { add_key(entry, Field::domain, text); }},
    {"tls-fingerprint", add_fingerprint},
    {"user-agent", add_user_agent}};

// What a keyed identifier's pattern compares with: kinds and values stand in it beside each other, and which belong
// together is decided when it is hit.
struct Compared {
  std::vector<std::string> kinds, values;

  void take(stix::pattern::Comparison const& one) {
    using enum stix::pattern::Operator;
    auto const* step = one.path.steps.empty() ? nullptr : std::get_if<std::string>(&one.path.steps.back());
    if (one.path.type != kKeyedIdentifiers || step == nullptr || one.negated || (one.op != equal && one.op != in))
      return;
    for (auto const& value : one.values)
      if (auto const* text = std::get_if<std::string>(&value)) {
        if (*step == "kind") kinds.push_back(*text);
        if (*step == "value") values.push_back(*text);
      }
  }
};

void add_identifiers(Entry& entry, stix::Json const& object) {
  auto const parsed = stix::pattern::parse(object.value("pattern", std::string()));
  if (!parsed) return;
  Compared compared;
  stix::pattern::for_each_comparison(parsed->root, [&](auto const& one) { compared.take(one); });
  if (compared.kinds.size() * compared.values.size() > kMostPairs) return;
  for (auto const& kind : compared.kinds)
    for (auto const& value : compared.values)
      if (auto key = parse_identifier(kind, value)) entry.keys.push_back(*std::move(key));
}

ByKind const* by_kind(std::string_view kind) {
  auto const found = std::ranges::find(kByKind, kind, &ByKind::kind);
  return found == std::end(kByKind) ? nullptr : found;
}

std::string text_in(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool is_by_value(std::string_view kind) { return by_kind(kind) != nullptr; }

void add_value(Entry& entry, std::string_view kind, std::string_view value) {
  if (auto const* by = by_kind(kind)) by->add(entry, value);
}

void add_values(Entry& entry, std::string_view kind, stix::Json const& indicator) {
  if (kind == kKeyedIdentifiers) return add_identifiers(entry, indicator);
  for (auto const& value : kinds::values_of(indicator)) add_value(entry, kind, value);
}

std::vector<kinds::Print> prints_of_template(stix::Json const& object) {
  std::vector<kinds::Print> out;
  auto const given = object.find("fingerprints");
  if (given != object.end() && text_in(*given, "algorithm") == kinds::kPrintAlgorithm) {
    for (auto const& value : given->at("values"))
      if (auto const print = kinds::parse_print(value.get_ref<std::string const&>())) out.push_back(*print);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
  }
  return out.empty() ? kinds::prints_of(text_in(object, "template")) : out;
}

}  // namespace tocsin::match
