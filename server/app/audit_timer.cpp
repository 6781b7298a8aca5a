#include "server/app/audit_timer.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::app {

AuditTimer::AuditTimer(Instance& instance, std::chrono::seconds interval) : instance_(instance), interval_(interval) {
  note("server.start");
  thread_ = std::thread([this] { loop(); });
}

AuditTimer::~AuditTimer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  instance_.context().reads.flush();
  note("server.stop");
  publish();
}

void AuditTimer::loop() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval_, [this] { return stopping_; })) {
    lock.unlock();
    publish();
    lock.lock();
  }
}

// A start without the stop before it says that reads of the second before may be missing.
void AuditTimer::note(std::string_view action) {
  auto& context = instance_.context();
  core::Result<void> stored;
  context.ledger.perform([&] {
    auto entry = store::audit_entry(action, context.clock.now_us(), {}, nlohmann::json::object());
    stored = context.audit.append({&entry, 1});
  });
  if (!stored) context.log.error("audit.not_stored", {{"code", core::row(stored.error().code).code}});
}

void AuditTimer::publish() {
  auto& context = instance_.context();
  auto reader = instance_.open_reader();
  auto published =
      reader ? context.checkpoints.publish((*reader)->audit()) : core::Result<void>(std::unexpected(reader.error()));
  if (published) return;
  context.log.error("audit.checkpoint_failed",
                    {{"code", core::row(published.error().code).code}, {"mistake", published.error().detail}});
}

}  // namespace tocsin::app
