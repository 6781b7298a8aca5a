// A new store with two organisations, and an object of the first: what the tests of several stores begin with. Owned by
// a test; its thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

struct TwoMembers {
  static constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
  static constexpr std::int64_t kNow = 1'000'000'000'000;

  Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = real_rules();
  store::RowId aurora = 0, borealis = 0;
  core::Uuid const uuid = core::random_uuid();

  TwoMembers() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
    aurora = organisation("Aurora");
    borealis = organisation("Borealis");
  }

  store::RowId organisation(std::string const& name) {
    store::Organisation row;
    row.name = name;
    row.type = "lab";
    row.identity = "identity--" + core::to_text(core::random_uuid());
    return database->accounts().add(row).value();
  }
};

}  // namespace tocsin::test
