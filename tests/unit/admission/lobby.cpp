#include "tests/unit/admission/lobby.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

namespace tocsin::test {

using Role = store::ClaimPart::Role;

Lobby::Lobby() {
  tables.organisations = {{1, "Aurora", "lab", 2, kOwnIdentity, "", false, 0}};
  add_collection(7, "network");
  add_collection(8, "accounts-and-behaviour");
}

void Lobby::add_collection(store::RowId row, std::string const& alias) {
  store::Collection collection;
  collection.row = row;
  collection.id = "00000000-0000-4000-8000-00000000000" + std::to_string(row);
  collection.alias = collection.title = alias;
  collection.default_level = static_cast<int>(stix::Tlp::green);
  tables.collections.push_back(collection);
}

admission::Sender Lobby::sender() const {
  return {std::make_shared<access::Directory const>(tables, 1), &statements, &view, 1, kNow, {}};
}

void Lobby::draft(std::string const& body, std::vector<store::StoredClaim> claims, admission::Form form, bool dry) {
  batch = admission::read_items(form, body, {}).value();
  claims.resize(admission::questions_of(items).size());
  auto const who = sender();
  admission::Door const door(limits);
  admission::Drafting drafting(batch, door, who);
  slices = 2;  // that end the two
  while (!drafting.expand(claims, 1)) ++slices;
  links.resize(drafting.take_questions().size());
  while (!drafting.draft(links, dry, 1)) ++slices;
  drafts = drafting.take_drafts();
  referring = drafting.referring();
}

std::vector<store::Candidate> const& Lobby::candidates() const {
  REQUIRE(drafts.size() == 1);
  return drafts.front().candidates;
}

store::StoredClaim Lobby::as_stored() const {
  store::StoredClaim out;
  for (auto const& candidate : candidates()) {
    if (candidate.claim->role == Role::indicator) out.indicator = candidate.bytes;
    if (candidate.claim->role == Role::observable) out.observable = candidate.bytes;
    if (candidate.claim->role == Role::relationship) out.relationship = candidate.bytes;
  }
  return out;
}

}  // namespace tocsin::test
