#include "schema/kinds/kinds.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <numeric>

#include "schema/kinds/account_pattern.hpp"
#include "schema/kinds/campaign.hpp"
#include "schema/kinds/canary.hpp"
#include "schema/kinds/ip_range.hpp"
#include "schema/kinds/keyed_identifier.hpp"
#include "schema/kinds/prompt_template.hpp"
#include "schema/kinds/proxy_asn.hpp"
#include "schema/kinds/proxy_domain.hpp"
#include "schema/kinds/proxy_network.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/kinds/tls_fingerprint.hpp"
#include "schema/kinds/usage_profile.hpp"
#include "schema/kinds/user_agent.hpp"
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

namespace rules = stix::rules;

constexpr std::array kAll{&kAccountPattern,  &kCampaign,       &kCanary,       &kIpRange,
                          &kKeyedIdentifier, &kPromptTemplate, &kProxyAsn,     &kProxyDomain,
                          &kProxyNetwork,    &kTlsFingerprint, &kUsageProfile, &kUserAgent};

// What an observable has that is no property of the value it is about.
constexpr auto kOfEveryObservable = rules::names("defanged", "extension_type", "extensions", "granular_markings", "id",
                                                 "object_marking_refs", "spec_version", "type");

bool contains(rules::Names names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

rules::Shape const* shape_of(rules::OwnExtension const& own) {
  if (!own.makes_type) return &own.shape;
  return &std::ranges::find(rules::kOwnTypes, own.of.front(), &rules::ObjectType::name)->shape;
}

// The shape of a kind with what its views point to.
struct Form {
  explicit Form(Kind const& kind);
  Form(Form const&) = delete;
  Form& operator=(Form const&) = delete;

  void add_object(Kind const& kind);
  void add_extension(rules::OwnExtension const& own);
  void allow_local_names();

  std::array<std::string_view, 1> kind_name;
  rules::Words kind_words;
  std::vector<rules::Property> rows;
  std::vector<rules::Rule> between;
  std::deque<rules::Targets> targets;  // that may be items of the same submission
  rules::ObjectType type;
};

Form::Form(Kind const& kind)
    : kind_name{kind.name}, kind_words{"kind", kind_name, false}, rows(kSharedRows.begin(), kSharedRows.end()) {
  add_object(kind);
  rows.push_back(rules::must("kind", rules::word(kind_words), "The kind."));
  if (kind.value) rows.push_back(*kind.value);
  if (auto const* own = rules::find_own_extension(kind.extension)) add_extension(*own);
  if (!kind.traits.empty()) between.push_back(rules::any_of(kind.traits));
  allow_local_names();
  std::ranges::sort(rows, {}, &rules::Property::name);
  type = {kind.name, stix::Category::sdo, rules::closed(kind.name, rows, between)};
}

void Form::add_object(Kind const& kind) {
  auto const more = kind.makes_indicator() ? kIndicatorRows : kind.rows;
  auto const more_rules = kind.makes_indicator() ? kIndicatorRules : kind.rules;
  rows.insert(rows.end(), more.begin(), more.end());
  between.insert(between.end(), more_rules.begin(), more_rules.end());
}

void Form::allow_local_names() {
  for (auto& row : rows) {
    if (row.type.kind != rules::Kind::reference || row.type.targets->role != rules::Role::reference) continue;
    auto& own = targets.emplace_back(*row.type.targets);
    own.local = true;
    row.type.targets = &own;
  }
}

// An extension is left out when nothing is said in it, so what it requires is required beside what it allows only.
void Form::add_extension(rules::OwnExtension const& own) {
  auto const& shape = *shape_of(own);
  for (auto row : shape.properties) {
    if (contains(kOfEveryObservable, row.name)) continue;
    row.name = native_name(row.name);
    if (!own.makes_type && row.need == rules::Need::required) {
      row.need = rules::Need::optional;
      for (auto const& other : shape.properties)
        if (other.name != row.name && !contains(kOfEveryObservable, other.name))
          between.push_back(rules::needs(other.name, row.name));
    }
    rows.push_back(row);
  }
  for (auto const& rule : shape.rules)
    if (rule.check != rules::check::some_property) between.push_back(rule);
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

}  // namespace

std::span<Kind const* const> kinds() { return kAll; }

Kind const* find_kind(std::string_view name) {
  auto const found = std::ranges::find(kAll, name, [](Kind const* kind) { return kind->name; });
  return found == kAll.end() ? nullptr : *found;
}

rules::ObjectType const& native_type(Kind const& kind) {
  static auto const forms = [] {
    std::map<std::string_view, std::unique_ptr<Form const>> out;
    for (auto const* one : kAll) out.emplace(one->name, std::make_unique<Form const>(*one));
    return out;
  }();
  return forms.at(kind.name)->type;
}

std::span<Bond const> bonds_of(Kind const& kind) { return kind.makes_indicator() ? kIndicatorBonds : kind.bonds; }

Place place_of(Kind const& kind, std::string_view property) {
  auto const among = [&](std::span<rules::Property const> rows) {
    return std::ranges::find(rows, property, &rules::Property::name) != rows.end();
  };
  if (property == "kind" || among(kSharedRows)) return Place::shared;
  if (kind.makes_indicator() && among(kIndicatorRows)) return Place::shared;
  if (among(kind.rows)) return Place::object;
  if (kind.value && property == kind.value->name) return Place::value;
  return rules::find_own_extension(kind.extension)->makes_type ? Place::observable : Place::extension;
}

std::string_view native_name(std::string_view stix_name) {
  return stix_name == "kind" ? std::string_view("identifier_kind") : stix_name;
}

std::string_view stix_name(std::string_view native_name) {
  return native_name == "identifier_kind" ? std::string_view("kind") : native_name;
}

std::string suggestion(std::string_view word, std::span<std::string const> known) {
  constexpr std::size_t kLongest = 64;  // of a word that may be a slip
  if (word.empty() || word.size() > kLongest) return {};
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c == '-' || c == ' ' ? '_' : c;
  });
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto const& one : known) {
    std::string plain = one;
    std::ranges::replace(plain, '-', '_');
    if (auto const far = distance(lower, plain); far < least) least = far, best = one;
  }
  return best.empty() ? std::string() : " Did you mean `" + std::string(best) + "`?";
}

}  // namespace tocsin::kinds
