// A store that follows one other instance, for tests of what is taken of its log. One test.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/ledger/verify.hpp"
#include "server/store/database.hpp"
#include "tests/contract/other_log.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

struct DeliveryWorld {
  static constexpr core::Uuid kTerms{5};

  Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = real_rules();
  OtherLog other;
  store::RowId origin = 0;
  std::uint64_t read = 0;  // the cursor, as the follower knows it
  std::int64_t now_us = 1'000'000'000'000;

  DeliveryWorld() {
    reopen();
    origin = database->origins().follow(other.name()).value();
  }

  void reopen() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  store::Origin followed() { return database->origins().origins().value().front(); }

  // All of the other log is verified.
  void verify() {
    auto const size = followed().data.size;
    REQUIRE(database->origins()
                .verified(origin, store::LogName::data, other.verified(), other.hashes(size, other.size()))
                .has_value());
  }

  core::Result<store::CommitOutcome> deliver(store::Applied applied, std::vector<store::ForeignObject> objects) {
    return database->commits().deliver({std::move(applied), std::move(objects)}, rules, now_us);
  }
  // What was logged since the last call, or since the beginning.
  std::vector<store::Fate> take(std::vector<store::ForeignObject> objects,
                                std::vector<store::RefusedEntry> refused = {}) {
    verify();
    auto outcome = deliver({origin, read, other.size(), kTerms, std::move(refused)}, std::move(objects)).value();
    read = other.size();
    return std::move(outcome.fates.front());
  }
  void begin_again() {
    REQUIRE(database->origins().begin_again(origin).has_value());
    read = 0;
  }

  std::vector<store::Fate> commit(std::vector<store::Candidate> candidates, store::RowId collection = 1) {
    for (auto& one : candidates) {
      one.header_salt = core::random_salt();
      one.body_salt = core::random_salt();
      one.body_commitment = log::commit_body(one.body_salt, one.bytes);
    }
    store::CommitPart part{collection, candidates, nullptr, true};
    return database->commits().commit({&part, 1}, rules, now_us).value().fates.front();
  }

  // Every version that is published in the collection, by what TAXII would show of a chain.
  std::vector<std::int64_t> published(store::RowId collection = 1, bool all = true) {
    store::PageQuery query;
    query.collection = collection;
    query.limit = 10'000;
    query.with_bytes = false;
    query.versions = {false, !all, all, {}};
    for (auto const& row : database->accounts().classes().value()) query.window.visible.insert(row.row);
    std::vector<std::int64_t> out;
    for (auto const& row : database->open_reader().value()->page(query).value().rows) out.push_back(row.modified_ns);
    return out;
  }

  // What `tocsind check` would say.
  std::vector<std::string> findings() {
    auto const logs = database->open_log().value();
    auto out = logs->integrity().value();
    auto const verdict = ledger::verify_log(*logs, std::nullopt).value();
    out.insert(out.end(), verdict.findings.begin(), verdict.findings.end());
    return out;
  }
  std::uint64_t own_size() { return database->open_log().value()->data_size().value(); }

  // Entries of the control log that were made.
  std::vector<std::vector<std::uint64_t>> said;
  store::ControlStore::EntryFor entry_for() {
    return [this](std::vector<std::uint64_t> const& leaves) -> core::Result<store::ControlEntry> {
      said.push_back(leaves);
      return store::ControlEntry();
    };
  }
};

}  // namespace tocsin::test
