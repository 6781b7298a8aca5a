// A reader that was hurt is as good as new once the disk is mended.
#include <cerrno>

#include "tests/integration/store/faulty_world.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

struct Shelf {
  test::Folder folder;
  test::FaultyDisk disk{folder.path(), test::migrated_disk()};
  ledger::Rules rules = test::real_rules();
  std::unique_ptr<store::Database> database = store::open_sqlite({folder / "db", 8}).value();

  core::Uuid add() {
    core::Uuid id = core::random_uuid();
    // Long enough to be read from pages of its own.
    auto object = make_candidate(1, id, 10, {stix::Tlp::green, false}, "indicator", std::string(20'000, 'x'));
    store::CommitPart part{1, {&object, 1}, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'700'000'000'000'000).has_value());
    return id;
  }

  store::PageQuery everything() {
    store::PageQuery query;
    query.collection = 1;
    query.limit = 100;
    for (auto const& row : database->accounts().classes().value()) query.window.visible.insert(row.row);
    return query;
  }
};

}  // namespace

TEST_CASE("a read that fails does not keep its reader in the past", "[store][faults]") {
  Shelf shelf;
  for (int i = 0; i < 5; ++i) shelf.add();
  bool failed = true;
  for (std::uint64_t nth = 1; failed; ++nth) {
    INFO("read " << nth);
    auto reader = shelf.database->open_reader().value();
    shelf.disk.fail({test::DiskCall::read, nth, EIO});
    failed = !reader->page(shelf.everything()).has_value();
    shelf.disk.mend();
    auto query = shelf.everything();
    query.ids = {{"indicator", shelf.add()}};
    auto page = reader->page(query);
    REQUIRE(page.has_value());
    CHECK(page->count == 1);
    CHECK((nth > 1 || failed));
  }
}
