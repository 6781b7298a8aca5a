#include "server/access/widening.hpp"

#include <algorithm>

namespace tocsin::access {
namespace {

// At its epoch and now.
bool names(Directory const& directory, AudienceAt const& at, store::RowId organisation) {
  auto const& tables = directory.tables();
  auto const audience = std::ranges::find(tables.audiences, at.group, &store::Audience::group);
  if (audience == tables.audiences.end() || !directory.belongs(organisation, *audience)) return false;
  return std::ranges::any_of(tables.audience_members, [&](store::AudienceMember const& row) {
    return row.audience == audience->row && row.organisation == organisation && row.since <= at.epoch &&
           (!row.until || at.epoch < *row.until);
  });
}

bool names_all(Directory const& directory, std::vector<AudienceAt> const& audiences, store::RowId organisation) {
  return std::ranges::all_of(audiences, [&](auto const& at) { return names(directory, at, organisation); });
}

}  // namespace

bool covers_now(Directory const& directory, ClassFacts const& wide, ClassFacts const& narrow) {
  bool const for_nobody = is_seen_by_nobody(narrow);
  if (wide.level >= stix::Tlp::amber_strict && wide.audiences.empty() && !narrow.audiences.empty()) return false;
  // Everybody is more than all who are members today.
  if (!for_nobody && narrow.audiences.empty() && !wide.audiences.empty()) return false;
  ClassFacts rest = wide;
  rest.audiences = narrow.audiences;
  if (!covers(rest, narrow)) return false;
  return for_nobody || std::ranges::all_of(directory.tables().organisations, [&](auto const& organisation) {
           return !names_all(directory, narrow.audiences, organisation.row) ||
                  names_all(directory, wide.audiences, organisation.row);
         });
}

std::vector<store::Organisation const*> named_by_all(Directory const& directory,
                                                     std::vector<AudienceAt> const& audiences) {
  std::vector<store::Organisation const*> out;
  for (auto const& organisation : directory.tables().organisations)
    if (names_all(directory, audiences, organisation.row)) out.push_back(&organisation);
  return out;
}

}  // namespace tocsin::access
