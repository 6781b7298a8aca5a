// Making the database: interrupted anywhere, the same command makes it.
#include <cerrno>
#include <fstream>

#include "server/store/database.hpp"
#include "tests/integration/store/fault_step.hpp"
#include "tests/integration/store/tables.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/faulty_vfs.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::DiskCall;

namespace {

struct Making {
  test::Folder folder;
  test::FaultyDisk disk{folder.path()};

  Making() { test::use_faulty_vfs(); }
  bool migrate() { return store::migrate_sqlite(folder / "db").has_value(); }

  void check() {
    REQUIRE(migrate());
    auto database = store::open_sqlite({folder / "db", 8});
    REQUIRE(database.has_value());
    CHECK((*database)->open_log().value()->integrity().value().empty());
    CHECK((*database)->accounts().organisations().value().empty());
  }
};

}  // namespace

TEST_CASE("a power cut while the database is made leaves one that the next run completes", "[store][power]") {
  test::Random random;
  bool cut = true;
  for (std::uint64_t changes = random.below(test::fault_step()); cut; changes += test::fault_step()) {
    Making making;
    making.disk.cut_power_after(changes);
    (void)making.migrate();
    cut = !making.disk.has_power();
    making.disk.cut_power();
    making.disk.restore_power(random);
    INFO("TOCSIN_SEED=" << random.seed() << ", cut after " << changes << " changes");
    making.check();
  }
}

TEST_CASE("a disk that fails while the database is made is told, and the next run completes it", "[store][faults]") {
  test::Random random;
  for (auto call :
       {DiskCall::write, DiskCall::sync, DiskCall::truncate, DiskCall::remove, DiskCall::open, DiskCall::read})
    for (std::uint64_t nth = 1 + random.below(test::fault_step());; nth += test::fault_step()) {
      Making making;
      making.disk.fail({call, nth, EIO});
      bool made = making.migrate();
      bool failed = making.disk.failures() > 0;
      making.disk.mend();
      INFO("TOCSIN_SEED=" << random.seed() << ", call " << nth << " of kind " << static_cast<int>(call));
      CHECK((made || failed));
      making.check();
      if (!failed) break;
    }
}
