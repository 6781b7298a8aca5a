// The recorder of reads over a trail that is slow or cannot be written: nothing is shown that was not recorded, what
// was shown is recorded once when it can be, and nobody waits longer than the recorder's patience.
#include <condition_variable>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>

#include "server/ledger/read_audit.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/ledger/writer.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

namespace {

// The trail of the database, whose appends fail, or wait until they are let go.
class SlowTrail final : public store::AuditStore {
 public:
  explicit SlowTrail(store::AuditStore& whole) : whole_(whole) {}

  core::Result<void> append(std::span<store::AuditEntry const> entries) override {
    std::unique_lock lock(mutex_);
    if (fails_) return core::fail(core::Code::storage_failed, "The disk does not answer.");
    ++begun_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    lock.unlock();
    return whole_.append(entries);
  }
  store::Actor act_for(store::Actor actor) override { return whole_.act_for(std::move(actor)); }

  void fail(bool fails) {
    std::lock_guard lock(mutex_);
    fails_ = fails;
  }
  void hold(bool held) {
    std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void wait_for_an_append() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_ > 0; });
  }

 private:
  store::AuditStore& whole_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool fails_ = false, held_ = false;
  int begun_ = 0;
};

struct World {
  test::Writer writer;
  SlowTrail trail{writer.database->audit()};
  ledger::ReadAuditOptions options;
  std::unique_ptr<ledger::ReadAudit> reads;

  World() {
    options.spill = writer.folder / "spill";
    options.interval = 20ms;
    options.patience = 500ms;  // a disk that is busy with other tests takes a while
    reads =
        std::make_unique<ledger::ReadAudit>(*writer.ledger, trail, writer.clock, options, writer.log, writer.metrics);
  }

  // Who read, by their credentials, in the order of the trail.
  std::vector<std::string> readers() {
    std::vector<std::string> out;
    auto reader = writer.database->open_reader().value();
    REQUIRE(reader->audit()
                .visit({},
                       [&](store::AuditRow const& row) {
                         auto const entry = nlohmann::json::parse(row.entry);
                         if (entry.at("action") == "read")
                           out.push_back(entry.at("by").at("credential").get<std::string>());
                         return true;
                       })
                .has_value());
    return out;
  }

  core::Result<void> ask(ledger::ReadNote const& note) {
    std::promise<core::Result<void>> answered;
    reads->record(note, [&](core::Result<void> result) { answered.set_value(std::move(result)); });
    return answered.get_future().get();
  }
};

ledger::ReadNote page(std::int64_t principal, char const* credential) {
  return {principal, "aurora", credential, 7, "c0ffee", "objects", "", 0, 1, 9, 100};
}

using Readers = std::vector<std::string>;

}  // namespace

TEST_CASE("what takes longer than the recorder waits is recorded once, and so is what was read meanwhile",
          "[ledger][audit]") {
  World world;
  world.trail.hold(true);
  world.reads->record(page(1, "one"));
  world.trail.wait_for_an_append();
  world.reads->flush();  // its patience ends, or ended
  world.reads->record(page(2, "two"));
  world.reads->flush();
  auto const refused = world.ask(page(3, "three"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::unavailable);
  CHECK(world.readers().empty());

  world.trail.hold(false);
  while (world.readers().size() < 2) world.reads->flush();
  CHECK(world.ask(page(4, "four")).has_value());
  CHECK(world.readers() == Readers{"one", "two", "four"});
}

TEST_CASE(
    "what was read while the trail could not be written is recorded when it can be, and nothing was shown that "
    "had to be recorded first",
    "[ledger][audit]") {
  World world;
  world.trail.fail(true);
  world.reads->record(page(1, "one"));
  world.reads->flush();
  CHECK(world.ask(page(2, "two")).error().code == core::Code::unavailable);
  CHECK(world.readers().empty());

  world.trail.fail(false);
  world.reads->flush();
  CHECK(world.readers() == Readers{"one"});
  CHECK(world.ask(page(3, "three")).has_value());
  CHECK(world.readers() == Readers{"one", "three"});
}
