#include "server/admission/weighing.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/finding_text.hpp"

namespace tocsin::admission {
namespace {

// What becomes of one candidate: the warning that refuses it, or those that were overridden.
struct Weighed {
  std::optional<core::Error> refused;
  std::vector<core::Code> overridden{};
  std::vector<std::string> notes{};
};

Weighed weighed(Referring const& one, store::Candidate& candidate, Shown const& shown, bool overriding) {
  Weighed out;
  for (auto& finding : reference_findings(one, candidate, shown)) {
    bool const warning = harm::may_be_overridden(finding.code);
    if (warning && !overriding) {
      out.refused = std::move(finding);
      return out;
    }
    if (warning) out.overridden.push_back(finding.code);
    out.notes.push_back(core::finding_text(finding));
    note(candidate, finding, warning);
  }
  return out;
}

store::SubmissionRecord::Refusal refusal_of(store::Candidate const& candidate, core::Error const& finding) {
  return {candidate.type + "--" + core::to_text(candidate.uuid), candidate.version_text, core::finding_text(finding)};
}

}  // namespace

core::Result<void> weigh_references(Admitted& admitted, Shown const& shown, bool overriding) {
  std::vector<bool> refused(admitted.candidates.size());
  for (auto const& one : admitted.referring) {
    auto& candidate = admitted.candidates[one.candidate];
    auto result = weighed(one, candidate, shown, overriding);
    if (!result.overridden.empty()) admitted.overridden.push_back(std::move(result.overridden));
    if (!result.refused) continue;
    if (admitted.refused.size() == kMostRefused)
      return core::fail(core::Code::too_many_refused,
                        "More than " + std::to_string(kMostRefused) + " objects are refused; nothing was stored.", "",
                        "Correct what makes these objects, then send all of them again.");
    admitted.refused.push_back(refusal_of(candidate, *result.refused));
    refused[one.candidate] = true;
  }
  admitted.referring.clear();
  std::size_t at = 0;
  std::erase_if(admitted.candidates, [&](auto const&) { return refused[at++]; });
  return {};
}

void weigh_references(Bundle& bundle, Shown const& shown, bool overriding, bool dry) {
  std::vector<std::pair<store::Candidate*, Item*>> all;
  for (auto& draft : bundle.drafts)
    for (std::size_t i = 0; i < draft.candidates.size(); ++i)
      all.emplace_back(&draft.candidates[i], &bundle.items[draft.items[i]]);
  for (auto const& one : bundle.referring) {
    auto const [candidate, item] = all[one.candidate];
    auto result = weighed(one, *candidate, shown, overriding);
    if (result.refused) {
      refuse(*item, {*std::move(result.refused)});
      continue;
    }
    item->overridden.insert(item->overridden.end(), result.overridden.begin(), result.overridden.end());
    if (dry) item->notes.insert(item->notes.end(), result.notes.begin(), result.notes.end());
  }
  bundle.referring.clear();
}

}  // namespace tocsin::admission
