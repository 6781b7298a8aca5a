// A store in which things wait for an analyst, for the tests of waiting. Owned by a test; its thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

// Two organisations, and two collections: what is committed goes into the first, and waits when a test says so.
struct WaitingWorld {
  static constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
  static constexpr std::int64_t kNow = 1'000'000'000'000;

  Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = real_rules();
  store::RowId aurora = 0, borealis = 0, collection = 0, elsewhere = 0;
  core::Uuid const uuid = core::random_uuid();

  WaitingWorld() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
    aurora = organisation("Aurora");
    borealis = organisation("Borealis");
    collection = database->accounts().add(store::Collection{0, "id", "network", "network", "", 1, 0}).value();
    elsewhere = database->accounts().add(store::Collection{0, "other", "ring", "ring", "", 1, 0}).value();
  }

  store::RowId organisation(std::string const& name) {
    store::Organisation row;
    row.name = name;
    row.type = "lab";
    row.identity = "identity--" + core::to_text(core::random_uuid());
    return database->accounts().add(row).value();
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
