#include "server/admission/references.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "schema/core/finding_text.hpp"

namespace tocsin::admission {
namespace {

using access::ClassFacts;
using FactsByKey = std::map<std::string, std::optional<ClassFacts>, std::less<>>;

constexpr std::array<std::string_view, 5> kContainers{"grouping", "note", "observed-data", "opinion", "report"};

ClassFacts const* facts_of(std::string const& key, FactsByKey& known) {
  auto const found = known.try_emplace(key);
  if (found.second) found.first->second = access::parse_class_key(key);
  return found.first->second ? &*found.first->second : nullptr;
}

// The versions of the submission, by id.
std::map<stix::Identifier, std::vector<ClassFacts const*>> brought(std::span<store::Candidate const* const> candidates,
                                                                   FactsByKey& known) {
  std::map<stix::Identifier, std::vector<ClassFacts const*>> out;
  for (auto const* one : candidates)
    if (auto const* facts = facts_of(one->class_key, known))
      out[stix::Identifier::make(one->type, one->uuid)].push_back(facts);
  return out;
}

std::string counted(std::size_t part, std::size_t all) {
  return std::to_string(part) + " of the " + std::to_string(all) + (all == 1 ? " object" : " objects");
}

core::Error below_members(std::size_t narrower, std::size_t members) {
  return {core::Code::marking_below_member,
          counted(narrower, members) + " that it holds are not shown to all who would see it.", "/object_refs",
          "Mark it as the strictest of them is, leave them out, or share it with `override` and the reason."};
}

core::Error narrower_references(std::size_t narrower, std::size_t members) {
  return {core::Code::reference_unseen,
          counted(narrower, members) + " that it refers to are not shown to all who see it.", "",
          "Mark it as the strictest of them is, if their ids shall not be told."};
}

}  // namespace

void Questions::ask(Referring& object, stix::Identifier const& id) {
  if (object.asked.size() == kMostAskedOfObject) return;
  if (asked_.size() < kMostAsked) asked_.insert(id);
  if (asked_.contains(id)) object.asked.push_back(id);
}

std::vector<Referring> referring(std::span<store::Candidate const* const> candidates,
                                 std::span<std::vector<stix::Identifier> const> references) {
  std::vector<Referring> out;
  if (std::ranges::all_of(references, [](auto const& one) { return one.empty(); })) return out;
  FactsByKey known;
  auto const here = brought(candidates, known);
  Questions questions;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto const* own = facts_of(candidates[i]->class_key, known);
    if (references[i].empty() || candidates[i]->revoked || own == nullptr) continue;
    Referring one{i, std::ranges::find(kContainers, candidates[i]->type) != kContainers.end(), references[i].size(), 0};
    for (auto const& reference : references[i]) {
      auto const found = here.find(reference);
      if (found != here.end()) {
        auto const covers = [&](ClassFacts const* facts) { return access::covers(*facts, *own); };
        one.narrower += std::ranges::any_of(found->second, covers) ? 0 : 1;
      } else {
        questions.ask(one, reference);
      }
    }
    if (one.narrower > 0 || !one.asked.empty()) out.push_back(std::move(one));
  }
  return out;
}

std::vector<stix::Identifier> asked_of(std::span<Referring const> all) {
  std::set<stix::Identifier> out;
  for (auto const& one : all) out.insert(one.asked.begin(), one.asked.end());
  return {out.begin(), out.end()};
}

std::optional<core::Error> unseen_finding(Referring const& object, Shown const& shown) {
  auto const unseen = std::ranges::count_if(object.asked, [&](auto const& id) { return !shown.contains(id); });
  if (unseen == 0) return std::nullopt;
  return core::Error{
      core::Code::reference_unseen,
      counted(static_cast<std::size_t>(unseen), object.members) + " that it refers to are none that you see here.", "",
      "Share them too, if readers shall find them."};
}

std::vector<core::Error> reference_findings(Referring const& object, store::Candidate const& candidate,
                                            Shown const& shown) {
  std::vector<core::Error> out;
  auto const own = access::parse_class_key(candidate.class_key);
  if (!own) return out;
  std::size_t narrower = object.narrower;
  for (auto const& id : object.asked) {
    auto const found = shown.find(id);
    auto const covers = [&](ClassFacts const& facts) { return access::covers(facts, *own); };
    narrower += found != shown.end() && std::ranges::none_of(found->second, covers) ? 1 : 0;
  }
  if (narrower > 0)
    out.push_back(object.holds ? below_members(narrower, object.members)
                               : narrower_references(narrower, object.members));
  if (auto unseen = unseen_finding(object, shown)) out.push_back(*std::move(unseen));
  return out;
}

void note(store::Candidate& candidate, core::Error const& finding, bool overridden) {
  auto const text = overridden ? std::string(core::row(finding.code).code) + ", overridden: " + finding.detail
                               : core::finding_text(finding);
  for (auto* all : {&candidate.note, &candidate.note_without}) *all += (all->empty() ? "" : "; ") + text;
}

}  // namespace tocsin::admission
