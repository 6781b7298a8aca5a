#include "server/endpoints/who_sees.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tocsin::endpoints {
namespace {

using access::ClassFacts;
using nlohmann::json;
using stix::Tlp;

constexpr auto kOnlyYours = "only your organisation sees it.";

std::string level_of(ClassFacts const& facts) { return "TLP:" + std::string(stix::name(facts.level)); }

// The audiences of the class; all of them are of the organisation, or the class is unknown to everybody.
std::vector<store::Audience const*> audiences_of(ClassFacts const& facts, access::Directory const& directory,
                                                 store::RowId organisation) {
  std::vector<store::Audience const*> out;
  for (auto const& audience : directory.tables().audiences) {
    auto const named = [&](access::AudienceAt const& at) { return at.group == audience.group; };
    if (std::ranges::any_of(facts.audiences, named) && directory.belongs(organisation, audience))
      out.push_back(&audience);
  }
  return out;
}

json members_of_all(std::vector<store::Audience const*> const& audiences, access::Directory const& directory) {
  json out = json::array();
  for (auto const& organisation : directory.tables().organisations) {
    auto const belongs = [&](auto const* audience) { return directory.belongs(organisation.row, *audience); };
    if (std::ranges::all_of(audiences, belongs)) out.push_back(organisation.name);
  }
  return out;
}

std::string governments(ClassFacts const& facts) {
  if (facts.releasable_to) return " Of governments only those that it is releasable to see it.";
  return facts.level >= Tlp::amber ? " No government sees it: it is releasable to none." : "";
}

std::string because(ClassFacts const& facts, bool audiences) {
  if (facts.unknown) return std::string("A marking means nothing here: ") + kOnlyYours;
  if (audiences)
    return "The marking names these organisations; of them each sees it whose clearance reaches " + level_of(facts) +
           ", which is not told of others." + governments(facts);
  if (facts.level >= Tlp::amber_strict)
    return level_of(facts) + " is shown to audiences only, and no marking names one: " + kOnlyYours;
  return "No marking names an audience: every member sees it whose clearance reaches " + level_of(facts) + "." +
         governments(facts);
}

json entry(std::string const& collection, ClassFacts const& facts, access::Directory const& directory,
           store::RowId organisation) {
  json out{{"collection", collection}, {"tlp", stix::name(facts.level)}};
  auto const audiences = audiences_of(facts, directory, organisation);
  if (!facts.unknown && !audiences.empty()) {
    for (auto const* audience : audiences) out["audiences"].push_back(audience->name);
    out["organisations"] = members_of_all(audiences, directory);
  }
  if (facts.releasable_to) out["releasable_to"] = *facts.releasable_to;
  out["because"] = because(facts, !audiences.empty());
  return out;
}

}  // namespace

json who_sees(SeenClasses const& classes, access::Directory const& directory, store::RowId organisation) {
  json out = json::array();
  for (auto const& [collection, key] : classes)
    if (auto const facts = access::parse_class_key(key))
      out.push_back(entry(collection, *facts, directory, organisation));
  return out;
}

std::string readers_of(access::ClassFacts const& facts) { return because(facts, false); }

}  // namespace tocsin::endpoints
