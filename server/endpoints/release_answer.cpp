#include "server/endpoints/release_answer.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/stix/timestamp.hpp"
#include "server/access/widening.hpp"
#include "server/admission/retraction.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/who_sees.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using stix::Identifier;
using stix::Json;

constexpr std::size_t kMostNamed = 100;

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

// What the proposer called it, but for an audience that she named by its name.
std::string target_name(access::Directory const& directory, std::string const& target) {
  auto const id = Identifier::parse(target);
  if (!id) return target;
  auto const& all = directory.tables().audiences;
  auto const found = std::ranges::find(all, id->uuid(), &store::Audience::marking);
  return found == all.end() ? target : found->name;
}

std::string person_who(access::Directory const& directory, store::RowId credential) {
  auto const& all = directory.tables().credentials;
  auto const found = std::ranges::find(all, credential, &store::Credential::row);
  return found == all.end() ? "" : found->person;
}

json seen_by(Release const& release, access::ClassFacts const& facts, store::RowId organisation) {
  SeenClasses classes;
  for (auto const row : admission::live_in(release.of.object))
    classes.emplace(collection_of(*release.of.directory, row).alias, access::class_key(facts));
  return who_sees(classes, *release.of.directory, organisation);
}

// Of an audience, which is known to who belongs to it; absent of everybody whom a level allows.
std::optional<json> newly(Release const& release, store::RowId organisation) {
  auto const& directory = *release.of.directory;
  if (release.after.audiences.empty()) return std::nullopt;
  std::set<store::RowId> had;
  if (!access::is_seen_by_nobody(release.before))
    for (auto const* one : access::named_by_all(directory, release.before.audiences)) had.insert(one->row);
  json out = json::array();
  for (auto const* one : access::named_by_all(directory, release.after.audiences))
    if (one->row != organisation && !had.contains(one->row)) out.push_back(one->name);
  return out;
}

bool is_reference(std::string_view name) {
  return (name.ends_with("_ref") || name.ends_with("_refs")) && name != "object_marking_refs" && name != "marking_ref";
}

void collect(Json const& value, bool reference, std::set<Identifier>& out) {
  if (reference && value.is_string()) {
    auto const id = Identifier::parse(value.get_ref<std::string const&>());
    if (id && id->type() != "extension-definition") out.insert(*id);
  }
  if (value.is_object())
    for (auto const& [name, member] : value.items()) collect(member, is_reference(name), out);
  if (value.is_array())
    for (auto const& member : value) collect(member, reference, out);
}

// The ids among these that everybody is shown who would see the release; others are hidden from some of them, or there
// is nothing under the id: the view does not tell which.
core::Result<std::set<Identifier>> shown_to_all(store::ReadStore& reader, Release const& release,
                                                access::View const& view, std::set<Identifier> const& ids) {
  auto const& directory = *release.of.directory;
  std::set<Identifier> out;
  store::PageQuery query;
  query.window = view.window;
  query.limit = kMostNamed * kMostNamed;
  query.every_row = true;
  for (auto const& id : ids) query.ids.emplace_back(std::string(id.type()), id.uuid());
  for (auto const& collection : directory.tables().collections) {
    if (ids.empty() || directory.collection(collection.id, view) == nullptr) continue;
    query.collection = collection.row;
    auto const page = reader.page(query);
    if (!page) return std::unexpected(page.error());
    for (auto const& row : page->rows) {
      auto const& classes = directory.tables().classes;
      auto const known = std::ranges::find(classes, row.class_row, &store::ClassRow::row);
      auto const facts = known == classes.end() ? std::nullopt : access::parse_class_key(known->key);
      if (facts && access::covers_now(directory, *facts, release.after))
        out.insert(Identifier::make(row.type, row.uuid));
    }
  }
  return out;
}

core::Result<json> named(store::ReadStore& reader, Release const& release, access::View const& view) {
  std::set<Identifier> ids;
  if (auto const document = stix::parse_json(release.candidate.bytes)) collect(*document, false, ids);
  while (ids.size() > kMostNamed) ids.erase(std::prev(ids.end()));
  auto const shown = shown_to_all(reader, release, view, ids);
  if (!shown) return std::unexpected(shown.error());
  json out = json::array();
  for (auto const& id : ids) out.push_back({{"id", id.text()}, {"shown", shown->contains(id)}});
  return out;
}

// Of what the organisation stored with an indicator: what the new readers are not shown.
core::Result<json> staying(store::ReadStore& reader, Release const& release, access::View const& view,
                           store::RowId organisation) {
  json out = json::array();
  if (release.candidate.type != "indicator") return out;
  auto const all = reader.retractions().retractable(organisation, release.candidate.uuid);
  if (!all) return std::unexpected(all.error());
  auto const& classes = release.of.directory->tables().classes;
  for (auto const& one : *all)
    for (auto const* beside : {&one.observables, &one.relationships})
      for (auto const& object : *beside) {
        auto const known = std::ranges::find(classes, object.class_row, &store::ClassRow::row);
        auto const facts = known == classes.end() ? std::nullopt : access::parse_class_key(known->key);
        bool const goes = facts && access::covers_now(*release.of.directory, *facts, release.after);
        if (!goes && !admission::live_in(object).empty() && is_shown(object, organisation, view))
          out.push_back(Identifier::make(object.type, object.uuid).text());
      }
  return out;
}

}  // namespace

json proposal_json(access::Directory const& directory, store::ReleaseProposal const& proposal, std::string_view state) {
  return {{"proposal", core::to_text(proposal.id)},
          {"object", Identifier::make(proposal.type, proposal.uuid).text()},
          {"to", target_name(directory, proposal.target)},
          {"state", state},
          {"proposed_by", person_who(directory, proposal.proposer)},
          {"proposed", time_text(proposal.created_us)},
          {"until", time_text(proposal.created_us + kReleaseLapsesUs)}};
}

core::Result<json> consequences(store::ReadStore& reader, Release const& release, access::View const& view,
                                store::RowId organisation) {
  auto const names = named(reader, release, view);
  if (!names) return std::unexpected(names.error());
  auto const stays = staying(reader, release, view, organisation);
  if (!stays) return std::unexpected(stays.error());
  json out{{"before", seen_by(release, release.before, organisation)},
           {"after", seen_by(release, release.after, organisation)},
           {"names", *names},
           {"stays", *stays}};
  if (auto const organisations = newly(release, organisation)) out["newly"] = *organisations;
  if (!release.candidate.note.empty()) out["note"] = release.candidate.note;
  return core::Result<json>(std::in_place, std::move(out));
}

}  // namespace tocsin::endpoints
