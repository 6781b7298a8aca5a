// Tells whoever runs the instance when much of what an origin shows here is recalled within an hour, by a peer or by
// this instance's own members. Owned by app; any thread that may read the database.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/store/recall_store.hpp"

namespace tocsin::ledger {

class RecallAlarm {
 public:
  // `own`: the name of this instance's data log.
  RecallAlarm(base::Log& log, base::Metrics& metrics, std::string own);

  // After recalls. Each log that is alarming is told in the log once an hour, and in tocsin_recall_alarm_seconds.
  void look(store::RecallReader& reader, std::int64_t now_us);

 private:
  base::Gauge& gauge(std::string const& name);

  base::Log& log_;
  base::Metrics& metrics_;
  std::string const own_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> told_us_;  // guarded by mutex_; by log
};

}  // namespace tocsin::ledger
