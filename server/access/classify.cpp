#include "server/access/classify.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace tocsin::access {
namespace {

using Codes = std::optional<std::vector<std::string>>;

void restrict(Codes& codes, std::vector<std::string> const& to) {
  if (!codes) {
    codes = to;
    return;
  }
  std::vector<std::string> both;
  std::ranges::set_intersection(*codes, to, std::back_inserter(both));
  codes = std::move(both);
}

bool belonged(Reader const& reader, AudienceAt const& audience) {
  return std::ranges::any_of(reader.memberships, [&](Membership const& membership) {
    return membership.group == audience.group && std::ranges::any_of(membership.epochs, [&](auto const& epochs) {
             return epochs.first <= audience.epoch && audience.epoch < epochs.second;
           });
  });
}

bool released(std::string const& authority, ClassFacts const& facts) {
  if (!facts.releasable_to) return facts.level < stix::Tlp::amber;
  return !authority.empty() && std::ranges::binary_search(*facts.releasable_to, authority);
}

// Does every government that `narrow` is released to see `wide` too, whose level is no higher?
bool releases_cover(ClassFacts const& wide, ClassFacts const& narrow) {
  if (!narrow.releasable_to && narrow.level < stix::Tlp::amber) return !wide.releasable_to;
  static std::vector<std::string> const kNone;
  auto const& codes = narrow.releasable_to ? *narrow.releasable_to : kNone;
  return std::ranges::all_of(codes, [&](std::string const& code) { return released(code, wide); });
}

nlohmann::json document_of(ClassFacts const& facts) {
  nlohmann::json document{{"level", stix::name(facts.level)}, {"unknown", facts.unknown}};
  for (AudienceAt const& audience : facts.audiences)
    document["audiences"].push_back(nlohmann::json::array({core::to_text(audience.group), audience.epoch}));
  if (facts.releasable_to) document["releasable_to"] = *facts.releasable_to;
  return document;
}

// Throws nlohmann::json::exception, or returns nullopt, for what is no class.
std::optional<ClassFacts> facts_of(nlohmann::json const& document) {
  auto level = stix::parse_tlp(document.at("level").get_ref<std::string const&>());
  if (!level) return std::nullopt;
  ClassFacts facts{*level, document.at("unknown").get<bool>()};
  for (auto const& one : document.value("audiences", nlohmann::json::array())) {
    auto group = core::parse_uuid(one.at(0).get_ref<std::string const&>());
    if (!group) return std::nullopt;
    facts.audiences.push_back({*group, one.at(1).get<std::int64_t>()});
  }
  if (document.contains("releasable_to"))
    facts.releasable_to = document.at("releasable_to").get<std::vector<std::string>>();
  bool sorted =
      std::ranges::is_sorted(facts.audiences) && (!facts.releasable_to || std::ranges::is_sorted(*facts.releasable_to));
  return sorted ? std::optional(std::move(facts)) : std::nullopt;
}

}  // namespace

ClassFacts classify(std::span<stix::Identifier const> markings, stix::Tlp default_level,
                    std::function<Meaning(stix::Identifier const&)> const& meaning) {
  std::optional<stix::Tlp> strictest;
  ClassFacts facts;
  for (stix::Identifier const& marking : markings) {
    if (auto level = stix::tlp_of(marking)) {
      strictest = std::max(strictest.value_or(*level), *level);
      continue;
    }
    Meaning what = meaning(marking);
    if (what.kind == Meaning::Kind::unknown || what.kind == Meaning::Kind::left) facts.unknown = true;
    if (what.kind == Meaning::Kind::audience) facts.audiences.push_back(what.audience);
    if (what.kind == Meaning::Kind::releasable) restrict(facts.releasable_to, what.releasable_to);
  }
  facts.level = strictest.value_or(default_level);
  std::ranges::sort(facts.audiences);
  auto repeated = std::ranges::unique(facts.audiences);
  facts.audiences.erase(repeated.begin(), repeated.end());
  return facts;
}

std::string class_key(ClassFacts const& facts) { return document_of(facts).dump(); }

std::optional<ClassFacts> parse_class_key(std::string_view key) {
  try {
    auto document = nlohmann::json::parse(key);
    auto facts = facts_of(document);
    return facts && class_key(*facts) == key ? facts : std::nullopt;
  } catch (nlohmann::json::exception const&) {
    return std::nullopt;
  }
}

bool sees(Reader const& reader, ClassFacts const& facts) {
  if (!reader.reads_others || is_seen_by_nobody(facts)) return false;
  if (facts.level > reader.clearance) return false;
  if (reader.government && !released(reader.authority, facts)) return false;
  return std::ranges::all_of(facts.audiences, [&](AudienceAt const& audience) { return belonged(reader, audience); });
}

bool is_seen_by_nobody(ClassFacts const& facts) {
  return facts.unknown || (facts.level >= stix::Tlp::amber_strict && facts.audiences.empty());
}

bool sees_own(Reader const& reader, ClassFacts const& facts) {
  return !reader.credential_limit || facts.level <= *reader.credential_limit;
}

bool covers(ClassFacts const& wide, ClassFacts const& narrow) {
  if (is_seen_by_nobody(narrow)) return true;  // but by the asserter, who sees everything of its own
  return !is_seen_by_nobody(wide) && wide.level <= narrow.level &&
         std::ranges::includes(narrow.audiences, wide.audiences) && releases_cover(wide, narrow);
}

bool equal_but_for_epochs(ClassFacts const& a, ClassFacts const& b) {
  auto without = [](ClassFacts facts) {
    for (AudienceAt& audience : facts.audiences) audience.epoch = 0;
    return facts;
  };
  return without(a) == without(b);
}

}  // namespace tocsin::access
