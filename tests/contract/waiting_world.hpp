// A store in which things wait for an analyst, for the tests of waiting. Owned by a test; its thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/contract/two_members.hpp"

namespace tocsin::test {

// Two collections: what is committed goes into the first, and waits when a test says so.
struct WaitingWorld : TwoMembers {
  store::RowId collection = 0, elsewhere = 0;

  WaitingWorld() {
    collection = database->accounts().add(store::Collection{0, "id", "network", "network", "", 1, 0}).value();
    elsewhere = database->accounts().add(store::Collection{0, "other", "ring", "ring", "", 1, 0}).value();
  }

  std::vector<store::Fate> commit(std::vector<store::Candidate> const& candidates, bool moderated,
                                  store::SubmissionRecord* record = nullptr) {
    store::CommitPart part{collection, candidates, record, true};
    part.moderated = moderated;
    part.whole = !moderated;
    std::vector<store::CommitPart> parts{part};
    return database->commits().commit(parts, rules, kNow).value().fates.front();
  }
  store::Fate commit(store::Candidate const& candidate, bool moderated) {
    return commit(std::vector{candidate}, moderated).front();
  }

  // In a collection where nobody waits.
  void store_elsewhere(store::Candidate const& candidate) {
    std::vector<store::Candidate> const candidates{candidate};
    std::vector<store::CommitPart> parts{{elsewhere, candidates, nullptr, true}};
    REQUIRE(database->commits().commit(parts, rules, kNow).value().fates.front().front().kind ==
            store::Verdict::Kind::store);
  }

  store::Candidate version(std::int64_t modified_ns) const { return make_candidate(aurora, uuid, modified_ns, kGreen); }

  std::unique_ptr<store::ReadStore> reader() { return database->open_reader().value(); }
  std::vector<store::WaitingEntry> list(bool ended = false) {
    store::WaitingQuery query;
    query.organisation = aurora;
    query.ended = ended;
    query.limit = 100;
    return reader()->waiting().list(query).value();
  }

  // As an analyst does: what was kept, stored now.
  std::vector<store::Fate> publish(store::WaitingEntry const& entry) {
    auto objects = reader()->waiting().objects(entry.row).value();
    REQUIRE_FALSE(objects.empty());
    objects.front().waiting = entry.row;
    return commit(objects, false);
  }

  store::ReadStore::Status status(core::Uuid const& id) { return *reader()->status(id, aurora).value(); }

  std::vector<std::string> published() {
    store::PageQuery query;
    query.collection = collection;
    query.limit = 100;
    query.versions = {false, false, true, {}};
    query.every_row = true;
    for (store::RowId row = 1; row < 10; ++row) query.window.visible.insert(row);
    query.window.asserter = aurora;
    for (store::RowId row = 1; row < 10; ++row) query.window.own.insert(row);
    std::vector<std::string> out;
    for (auto const& row : reader()->page(query).value().rows) out.push_back(std::to_string(row.modified_ns));
    return out;
  }
};

}  // namespace tocsin::test
