// Keeps the engine that matches in step with what is published: reads everything once, then what came since, ten times
// a second. The engine knows what an indicator is about and who may see it; whether it still stands, the store says
// when it is hit. Owned by app; ends before the database. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "server/access/directory.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/match/engine.hpp"
#include "server/match/folder.hpp"
#include "server/store/read_store.hpp"
#include "server/stream/shown_numbers.hpp"
#include "server/stream/templates.hpp"

namespace tocsin::stream {

class Matching {
 public:
  struct Parts {
    std::function<core::Result<std::unique_ptr<store::ReadStore>>()> open_reader;
    access::Registry const& registry;
    base::Clock const& clock;
    base::Log& log;
    base::Metrics& metrics;
  };
  explicit Matching(Parts parts);
  ~Matching();
  Matching(Matching const&) = delete;
  Matching& operator=(Matching const&) = delete;

  // Reads what there is, and what comes, from now on. Once.
  void start();
  // What had been superseded stands again, behind the place that was reached: everything is read anew, as soon as that
  // takes a tenth of the time at most.
  void begin_again();

  // Everything was read once: before that, nothing may be concluded from no hit.
  [[nodiscard]] bool is_ready() const { return as_of_us_ != 0; }
  // All that was published before then counts.
  [[nodiscard]] std::int64_t as_of_us() const { return as_of_us_; }
  [[nodiscard]] match::Engine const& engine() const { return engine_; }
  // What a reader may see; without confidence and time.
  [[nodiscard]] match::Filter filter(store::Sight const& sight) const { return numbers_.filter(sight); }

 private:
  struct Place {
    std::int64_t indicators = 0, templates = 0;  // the sequence that was reached
  };
  using Places = std::map<store::RowId, Place>;  // by collection
  using Take = Templates::Take;

  void loop();
  [[nodiscard]] core::Result<void> look();
  [[nodiscard]] core::Result<void> read_all();
  [[nodiscard]] core::Result<void> read_on();
  [[nodiscard]] core::Result<void> read(store::RowId collection, Place& place, std::int64_t end, Take const& take);
  [[nodiscard]] core::Result<void> read_templates(store::RowId collection, std::int64_t& place, std::int64_t end,
                                                  Take const& take);
  [[nodiscard]] core::Result<void> read_indicators(store::RowId collection, std::int64_t& place, std::int64_t end,
                                                   Take const& take);
  [[nodiscard]] core::Result<match::Change> change_of(store::RowId collection, store::ListedIndicator const& one);
  void measure();
  [[nodiscard]] bool wait(std::chrono::milliseconds pause);  // false: it is over

  Parts const parts_;
  base::Gauge &indicators_, &bytes_;
  ShownNumbers numbers_;
  match::Engine engine_;
  match::Folder folder_{engine_};
  std::atomic<std::int64_t> as_of_us_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::atomic<bool> anew_ = true;
  // The thread's own.
  std::unique_ptr<store::ReadStore> reader_;
  Places reached_;
  Templates templates_;
  std::chrono::steady_clock::time_point anew_from_;  // everything may be read again
  std::thread thread_;
};

}  // namespace tocsin::stream
