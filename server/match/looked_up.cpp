#include "server/match/looked_up.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "server/match/found_by.hpp"
#include "server/match/pattern/pattern.hpp"

namespace tocsin::match {
namespace {

using stix::pattern::Comparison;
using stix::pattern::Operator;

constexpr std::size_t kMostPairs = 1'024;  // of kinds and values of keyed identifiers
constexpr std::string_view kKeyedIdentifiers = "keyed-identifier";

// Each adds what looks up a value in canonical text, and tells whether anything does.
bool add_key(Entry& entry, Field field, std::string_view text) {
  auto key = parse_key(field, text);
  if (key) entry.keys.push_back(*std::move(key));
  return key.has_value();
}

bool add_networks(Entry& entry, std::string_view text) {
  auto const parsed = kinds::parse_networks(text);
  if (!parsed) return false;
  for (auto const& network : parsed->all) entry.networks.push_back(folded(network));
  return true;
}

bool add_number(Entry& entry, std::string_view text) {
  entry.asns.push_back(static_cast<std::uint32_t>(std::stoul(std::string(text.substr(2)))));
  return true;
}

// Its algorithm is told by its form.
bool add_fingerprint(Entry& entry, std::string_view text) {
  return add_key(entry, Field::ja3, text) || add_key(entry, Field::ja4, text) || add_key(entry, Field::ja4h, text);
}

struct ByKind {
  std::string_view kind;
  bool (*add)(Entry& entry, std::string_view text);
  std::string_view property = {};   // of several that values of the kind may be of, the one that items show
  std::optional<Field> alike = {};  // what is found by texts between wildcards, too
};
constexpr ByKind kByKind[] = {
    // Whether an account's other traits hold is decided when it is found by the domain of its mail.
    {"account-pattern",
     [](Entry& entry, std::string_view text) {
       return text.contains('.') && add_key(entry, Field::email_domain, text);
     },
     "email_domain"},
    {"ip-range", add_networks},
    {"proxy-asn", add_number},
    {"proxy-domain",
     [](Entry& entry, std::string_view text) { return add_key(entry, Field::domain, text); },
     {},
     Field::domain},
    {"tls-fingerprint", add_fingerprint},
    {"user-agent",
     [](Entry& entry, std::string_view text) { return add_key(entry, Field::user_agent, text); },
     {},
     Field::user_agent}};

std::string_view property_of(Comparison const& one) {
  auto const* last = one.path.steps.empty() ? nullptr : std::get_if<std::string>(&one.path.steps.back());
  return last == nullptr ? std::string_view() : *last;
}

// What is like a text is looked up by no whole value, unless it is the text.
bool has_wildcard(Comparison const& one) {
  auto const wild = [](stix::pattern::Literal const& value) {
    auto const* text = std::get_if<std::string>(&value);
    return text != nullptr && text->find_first_of("%_") != text->npos;
  };
  return one.op == Operator::like && std::ranges::any_of(one.values, wild);
}

// Adds the values of one pattern, each once.
class Values {
 public:
  Values(Entry& entry, ByKind const& by) : entry_(entry), by_(by) {}

  // Whether each value of the comparison is looked up.
  bool operator()(Comparison const& one) {
    if (has_wildcard(one)) return add_like(one);
    if (!by_.property.empty() && property_of(one) != by_.property) return false;
    bool all = !one.values.empty();
    auto single = one;
    for (auto const& literal : one.values) {
      single.values = {literal};
      all = add(kinds::values_of(by_.kind, single)) && all;
    }
    return all;
  }

 private:
  bool add_like(Comparison const& one) {
    auto same_path = one;
    same_path.op = Operator::equal;
    same_path.values = {std::string("a.example")};
    if (!by_.alike || one.negated || kinds::values_of(by_.kind, same_path).empty()) return false;
    entry_.likes.push_back({*by_.alike, std::get<std::string>(one.values.front())});
    return true;
  }

  bool add(std::vector<std::string> const& values) {
    bool all = !values.empty();
    for (auto const& value : values)
      if (!added_.contains(value)) {
        if (by_.add(entry_, value))
          added_.insert(value);
        else
          all = false;
      }
    return all;
  }

  Entry& entry_;
  ByKind const& by_;
  std::set<std::string> added_;
};

// What a keyed identifier's pattern compares a property with: kinds and values stand in it beside each other, and which
// belong together is decided when it is found.
struct Compared {
  std::string_view property;
  std::vector<std::string> all = {};

  bool operator()(Comparison const& one) {
    using enum Operator;
    if (one.path.type != kKeyedIdentifiers || property_of(one) != property || one.negated ||
        (one.op != equal && one.op != in))
      return false;
    for (auto const& value : one.values)
      if (auto const* text = std::get_if<std::string>(&value)) all.push_back(*text);
    return true;
  }
};

void add_identifiers(Entry& entry, stix::pattern::Pattern const& pattern) {
  Compared kinds{"kind"}, values{"value"};
  bool const by_kind = is_found_by(pattern, kinds), by_value = is_found_by(pattern, values);
  entry.partly = !by_kind || !by_value;
  if (kinds.all.size() * values.all.size() > kMostPairs) return;
  for (auto const& kind : kinds.all)
    for (auto const& value : values.all)
      if (auto key = parse_identifier(kind, value))
        entry.keys.push_back(*std::move(key));
      else
        entry.partly = true;
}

bool names_template(Comparison const& one) { return !kinds::values_of(kPromptTemplates, one).empty(); }

// Texts that are compared with expressions may be compared with what cannot be evaluated here, and then nothing is hit.
bool can_be_evaluated(stix::pattern::Pattern const& pattern) {
  bool simple = true;
  stix::pattern::for_each_comparison(pattern.root, [&](Comparison const& one) {
    using enum Operator;
    simple = simple && one.op != like && one.op != matches && one.op != is_superset;
  });
  return simple || pattern::Pattern::compile(pattern).has_value();
}

ByKind const* by_kind(std::string_view kind) {
  auto const found = std::ranges::find(kByKind, kind, &ByKind::kind);
  return found == std::end(kByKind) ? nullptr : found;
}

std::string_view text_in(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<std::string const&>())
                                                     : std::string_view();
}

}  // namespace

bool is_by_value(std::string_view kind) { return kind == kKeyedIdentifiers || by_kind(kind) != nullptr; }

std::string_view pattern_text(stix::Json const& indicator) {
  return text_in(indicator, "pattern_type") == "stix" ? text_in(indicator, "pattern") : std::string_view();
}

void add_values(Entry& entry, std::string_view kind, std::string_view pattern) {
  auto const* by = by_kind(kind);
  if (by == nullptr && kind != kKeyedIdentifiers && kind != kPromptTemplates) return;
  auto const parsed = stix::pattern::parse(pattern);
  if (!parsed) return;
  if (by != nullptr)
    entry.partly = !is_found_by(*parsed, Values(entry, *by));
  else if (kind == kPromptTemplates)
    entry.partly = !is_found_by(*parsed, names_template);
  else
    add_identifiers(entry, *parsed);
  entry.partly = entry.partly || !can_be_evaluated(*parsed);
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
