// When much of what an origin shows is recalled: who is told, and how often.
#include "server/ledger/recall_alarm.hpp"

#include <unistd.h>

#include <optional>
#include <stdexcept>

#include "tests/support/catch.hpp"

using namespace tocsin;
using store::RecalledLately;

namespace {

constexpr std::int64_t kSecond = 1'000'000, kHour = 3'600 * kSecond, kNow = 1'790'000'000 * kSecond;

class Recalled final : public store::RecallReader {
 public:
  core::Result<std::vector<RecalledLately>> answer = std::vector<RecalledLately>();

  core::Result<std::vector<RecalledLately>> recalled_lately(std::int64_t) override { return answer; }
  core::Result<std::vector<store::MadeRecall>> recalls(std::optional<store::RowId>, std::size_t) override { none(); }
  core::Result<std::optional<store::MadeRecall>> recall(std::uint64_t) override { none(); }
  core::Result<std::vector<store::Receipt>> receipts(std::uint64_t) override { none(); }
  core::Result<std::vector<store::Receipt>> newest_receipts(std::uint64_t) override { none(); }
  core::Result<std::vector<store::SaidOfDependents>> said_of_dependents() override { none(); }
  core::Result<store::ControlEntry> control_entry(std::uint64_t) override { none(); }
  core::Result<std::optional<store::MadeRecall>> latest(store::RowId, std::string const&, core::Uuid const&) override {
    none();
  }
  core::Result<store::Recallable> recallable(store::StoredObject const&) override { none(); }

 private:
  [[noreturn]] static void none() { throw std::logic_error("the alarm asks for nothing else"); }
};

struct World {
  int ends[2]{};
  Recalled reader;
  base::Metrics metrics;
  std::optional<base::Log> log;
  std::optional<ledger::RecallAlarm> alarm;

  World() {
    REQUIRE(pipe(ends) == 0);
    log.emplace(ends[1]);
    alarm.emplace(*log, metrics, "own.example/log");
  }
  ~World() {
    close(ends[0]);
    close(ends[1]);
  }

  // What was written to the log meanwhile.
  std::string look(std::int64_t now_us) {
    alarm->look(reader, now_us);
    log->info("end");
    std::string out(65'536, '\0');
    auto const size = read(ends[0], out.data(), out.size());
    return out.substr(0, size < 0 ? 0 : static_cast<std::size_t>(size));
  }
  std::int64_t seconds(std::string const& log_name) {
    return metrics
        .gauge("tocsin_recall_alarm_seconds",
               "When 20 objects or more, and more than a tenth of what a log's instance shows here, were last recalled "
               "within an hour, in POSIX time",
               "log=\"" + log_name + "\"")
        .value();
  }
};

}  // namespace

TEST_CASE("much that is recalled is told once an hour for each log, and when in the metric", "[ledger][recall]") {
  World world;
  CHECK_FALSE(world.look(kNow).contains("recall.alarm"));
  CHECK(world.metrics.render().contains("tocsin_recall_alarm_seconds{log=\"own.example/log\"} 0"));
  world.reader.answer = std::vector<RecalledLately>{{0, "", 5, true}, {3, "ibis.example/log", 7, false}};
  auto const first = world.look(kNow);
  CHECK(first.contains(R"("level":"error","event":"recall.alarm","log":"own.example/log","recalled":5)"));
  CHECK_FALSE(first.contains("ibis"));
  CHECK(world.seconds("own.example/log") == kNow / kSecond);
  world.reader.answer->back().alarming = true;
  auto const second = world.look(kNow + kSecond);
  CHECK(second.contains(R"("log":"ibis.example/log","recalled":7)"));
  CHECK_FALSE(second.contains("own.example"));
  CHECK(world.seconds("own.example/log") == kNow / kSecond + 1);
  CHECK(world.seconds("ibis.example/log") == kNow / kSecond + 1);
  CHECK(world.look(kNow + kHour).contains("own.example/log"));
}

TEST_CASE("what cannot be counted is told", "[ledger][recall]") {
  World world;
  world.reader.answer = core::fail(core::Code::storage_failed, "The database cannot be read.");
  CHECK(world.look(kNow).contains("recall.not_counted"));
}
