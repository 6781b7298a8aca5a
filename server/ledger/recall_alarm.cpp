#include "server/ledger/recall_alarm.hpp"

#include <utility>

namespace tocsin::ledger {

RecallAlarm::RecallAlarm(base::Log& log, base::Metrics& metrics, std::string own)
    : log_(log), metrics_(metrics), own_(std::move(own)) {
  gauge(own_);
}

void RecallAlarm::look(store::RecallReader& reader, std::int64_t now_us) {
  constexpr std::int64_t kSecond = 1'000'000, kAgain = 3'600 * kSecond;
  auto const recalled = reader.recalled_lately(now_us);
  if (!recalled) {
    log_.error("recall.not_counted", {{"mistake", recalled.error().detail}});
    return;
  }
  std::lock_guard lock(mutex_);
  for (auto const& one : *recalled) {
    if (!one.alarming) continue;
    auto const& name = one.origin == 0 ? own_ : one.name;
    gauge(name).set(now_us / kSecond);
    auto const last = told_us_.find(name);
    if (last != told_us_.end() && now_us < last->second + kAgain) continue;
    told_us_[name] = now_us;
    log_.error("recall.alarm",
               {{"log", name},
                {"recalled", static_cast<std::int64_t>(one.ended)},
                {"because", "20 objects or more, and more than a tenth of what it shows here, were recalled within an hour."},
                {"remedy", "Ask who runs it whether that is meant; tocsind peer pause NAME stops a peer."}});
  }
}

base::Gauge& RecallAlarm::gauge(std::string const& name) {
  return metrics_.gauge(
      "tocsin_recall_alarm_seconds",
      "When 20 objects or more, and more than a tenth of what a log's instance shows here, were last recalled within an "
      "hour, in POSIX time",
      "log=\"" + name + "\"");
}

}  // namespace tocsin::ledger
