#include "server/catalog/indicator_search.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::catalog {
namespace {

using core::Code;
using Ranges = core::Result<std::vector<kinds::KeyRange>>;

// In place of a TAXII cursor's filters: it is for nothing else.
constexpr std::string_view kPlace = "indicators\n";
constexpr char const* kNobody = "identity--";

std::unexpected<core::Error> refuse(std::string const& name, std::string const& why, std::string remedy) {
  return core::fail(Code::bad_parameter, "The parameter " + name + " " + why + ".", "", std::move(remedy));
}

std::vector<std::string> const& known() {
  static std::vector<std::string> const kKnown{"active_at", "campaign",       "contains",    "covers", "kind",
                                               "label",     "limit",          "next",        "q",      "value",
                                               "within",    "min_confidence", "organisation"};
  return kKnown;
}

class Asked {
 public:
  explicit Asked(SearchParameters parameters) : parameters_(parameters) {}

  core::Result<void> check() const {
    for (auto const& [name, value] : parameters_) {
      if (std::ranges::find(known(), name) == known().end())
        return core::fail(Code::bad_parameter, "A parameter is none that a search has.", "",
                          "There are kind, value, contains, within, covers, campaign, organisation, label, q, "
                          "min_confidence, active_at, limit and next." +
                              kinds::suggestion(name, known()));
      if (std::ranges::count(parameters_, name, &std::pair<std::string, std::string>::first) > 1)
        return refuse(name, "occurs more than once", "Send it once.");
      if (value.empty()) return refuse(name, "is empty", "Say what is looked for, or leave it out.");
    }
    return {};
  }

  [[nodiscard]] std::string const* find(std::string_view name) const {
    auto const found = std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
    return found == parameters_.end() ? nullptr : &found->second;
  }

 private:
  SearchParameters parameters_;
};

core::Result<std::string> kind_of(Asked const& asked) {
  auto const* kind = asked.find("kind");
  if (kind == nullptr) return std::string();
  auto const* known_kind = kinds::find_kind(*kind);
  if (known_kind != nullptr && known_kind->makes_indicator()) return *kind;
  std::vector<std::string> names;
  for (auto const* one : kinds::kinds())
    if (one->makes_indicator()) names.emplace_back(one->name);
  return refuse("kind", "names no kind of indicators",
                "The kinds are in docs/kinds.md." + kinds::suggestion(*kind, names));
}

// The error of a value as one of the parameter that has it.
template <class T>
core::Result<T> named(std::string const& name, core::Result<T> read) {
  if (read) return read;
  return core::fail(Code::bad_parameter, "The parameter " + name + " is not understood: " + read.error().detail, "",
                    read.error().remedy);
}

Ranges keys_of(Asked const& asked, std::string const& kind) {
  static constexpr std::array kOneOf{"value", "contains", "within", "covers"};
  std::string name;
  for (auto const* one : kOneOf) {
    if (asked.find(one) == nullptr) continue;
    if (!name.empty()) return refuse(one, "is beside " + name, "Send one of value, contains, within and covers.");
    name = one;
  }
  if (name.empty()) return std::vector{kind.empty() ? kinds::every_key() : kinds::keys_of_kind(kind)};
  auto const& text = *asked.find(name);
  if (name == "value") return named(name, kinds::keys_of_value(kind, text));
  if (name == "covers") return named(name, kinds::keys_covering(kind, text));
  if (!kind.empty() && kind != "ip-range")
    return refuse(name, "is for addresses, and the kind is another", "Leave out the kind, or send value.");
  return named(name, name == "contains" ? kinds::keys_containing(text) : kinds::keys_within(text));
}

core::Result<void> take_facets(Asked const& asked, store::IndicatorQuery& query) {
  if (auto const* campaign = asked.find("campaign")) {
    auto const id = stix::Identifier::parse(*campaign);
    if (!id || id->type() != "campaign")
      return refuse("campaign", "is not the id of a campaign", "tocsin campaign list prints them.");
    query.facets.push_back(kinds::campaign_facet(id->uuid()));
  }
  if (auto const* label = asked.find("label")) query.facets.push_back(kinds::label_facet(*label));
  auto const* words = asked.find("q");
  if (words == nullptr) return {};
  auto text = named("q", kinds::TextQuery::parse(*words));
  if (!text) return std::unexpected(text.error());
  for (auto& facet : text->facets()) query.facets.push_back(std::move(facet));
  if (!text->is_told_by_facets()) query.text = *std::move(text);
  return {};
}

core::Result<void> take_facts(Asked const& asked, IdentityOf const& identity_of, store::IndicatorQuery& query) {
  if (auto const* organisation = asked.find("organisation")) {
    auto const id = stix::Identifier::parse(*organisation);
    query.creator = id && id->type() == "identity" ? kinds::lower_case(*organisation) : identity_of(*organisation);
    // Whether there is such a member is not told: nothing is found.
    if (query.creator.empty()) query.creator = kNobody;
  }
  if (auto const* text = asked.find("min_confidence")) {
    std::int64_t confidence = -1;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), confidence);
    if (error != std::errc() || end != text->data() + text->size() || confidence < 0 || confidence > 100)
      return refuse("min_confidence", "is not a number from 0 to 100", "Send percent.");
    query.min_confidence = confidence;
  }
  if (auto const* text = asked.find("active_at")) {
    auto const at = stix::Timestamp::parse(*text);
    if (!at) return refuse("active_at", "is not a timestamp", "Write it as 2026-01-31T12:00:00Z.");
    query.active_at_us = at->microseconds();
  }
  return {};
}

core::Result<IndicatorSearch> search_of(SearchParameters parameters, IdentityOf const& identity_of) {
  Asked const asked(parameters);
  if (auto checked = asked.check(); !checked) return std::unexpected(checked.error());
  auto const kind = kind_of(asked);
  if (!kind) return std::unexpected(kind.error());
  auto keys = keys_of(asked, *kind);
  if (!keys) return std::unexpected(keys.error());
  IndicatorSearch out;
  out.query.keys = *std::move(keys);
  if (auto taken = take_facets(asked, out.query); !taken) return std::unexpected(taken.error());
  if (auto taken = take_facts(asked, identity_of, out.query); !taken) return std::unexpected(taken.error());
  nlohmann::json filters = nlohmann::json::object();
  for (auto const& [name, value] : parameters)
    if (name != "limit") filters[name] = value;
  out.text = stix::canonical_json(filters);
  return out;
}

std::unexpected<core::Error> foreign() {
  return refuse("next", "was not made for a search", "Send `next` as the answer before gave it, or begin again.");
}

}  // namespace

core::Result<IndicatorSearch> parse_indicator_search(SearchParameters parameters, CursorCodec const& cursors,
                                                     IdentityOf const& identity_of) {
  Asked const asked(parameters);
  auto const* next = asked.find("next");
  if (next == nullptr) return search_of(parameters, identity_of);
  if (auto checked = asked.check(); !checked) return std::unexpected(checked.error());
  if (parameters.size() > (asked.find("limit") != nullptr ? 2u : 1u))
    return refuse("next", "is beside filters, which it has in it", "Send next alone, or with limit.");
  auto const cursor = cursors.open(*next);
  if (!cursor || cursor->collection != 0 || !cursor->filters.starts_with(kPlace)) return foreign();
  std::string_view const rest = std::string_view(cursor->filters).substr(kPlace.size());
  auto const key = core::from_base64url(rest.substr(0, rest.find('\n')));
  auto const filters = stix::parse_json(rest.substr(std::min(rest.size(), rest.find('\n') + 1)));
  if (!key || !filters || !filters->is_object()) return foreign();
  std::vector<std::pair<std::string, std::string>> stored;
  for (auto const& [name, value] : filters->items())
    if (value.is_string()) stored.emplace_back(name, value.get<std::string>());
  auto search = search_of(stored, identity_of);
  if (search) search->query.after = {*key, cursor->after_sequence};
  return search;
}

std::string next_of(IndicatorSearch const& search, store::IndicatorPlace const& place, CursorCodec const& cursors) {
  return cursors.seal({0, place.sequence, std::string(kPlace) + core::to_base64url(place.key) + "\n" + search.text});
}

void keep_to_kinds(store::IndicatorQuery& query, std::vector<std::string> const& allowed) {
  if (allowed.empty() || std::ranges::find(allowed, "indicator") != allowed.end()) return;
  std::vector<std::string> sorted = allowed;
  std::ranges::sort(sorted);
  sorted.erase(std::ranges::unique(sorted).begin(), sorted.end());
  std::vector<kinds::KeyRange> kept;
  for (auto const& range : query.keys) {
    if (range.first.empty())
      for (auto const& kind : sorted) kept.push_back(kinds::keys_of_kind(kind));
    else if (std::ranges::binary_search(sorted, std::string(kinds::kind_of_key(range.first))))
      kept.push_back(range);
  }
  query.keys = std::move(kept);
}

}  // namespace tocsin::catalog
