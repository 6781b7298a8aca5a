#include "server/app/erasure.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include "schema/log/control.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/clock.hpp"
#include "server/ledger/control.hpp"

namespace tocsin::app {

namespace {

// The entries for what is destroyed now. They say that the log was so when they were made: an older root is as good.
core::Result<store::ControlStore::EntryFor> entries(Layout const& layout, ledger::LogVerdict const& data) {
  auto read = read_signer(layout.log_key());
  if (!read) return std::unexpected(read.error());
  auto signer = std::make_shared<log::SignerKey const>(*std::move(read));
  log::Checkpoint said{signer->verifier().name(), data.size, data.root};
  return [signer, said](std::vector<std::uint64_t> const& leaves) -> core::Result<store::ControlEntry> {
    auto now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
    auto note = log::sign_erasure(leaves, *signer, now_s);
    if (!note) return std::unexpected(note.error());
    return ledger::control_entry("erase", said, *note);
  };
}

}  // namespace

core::Result<store::Erased> erase(Layout const& layout, store::Database& database, Perform const& perform,
                                  store::Erasure const& erasure, store::Actor const& by) {
  auto logs = database.open_log();
  if (!logs) return std::unexpected(logs.error());
  auto data = ledger::read_root(**logs);
  if (!data) return std::unexpected(data.error());
  auto entry_for = entries(layout, *data);
  if (!entry_for) return std::unexpected(entry_for.error());
  core::Result<store::Erased> erased = core::fail(core::Code::internal, "Nothing was erased.");
  perform([&] {
    store::ActingFor acting(database.audit(), by);
    erased = database.control().erase(erasure, *entry_for);
  });
  return erased;
}

core::Result<store::Destroyed> destroy(Layout const& layout, store::Database& database, Perform const& perform,
                                       Destruction const& what) {
  auto entry_for = entries(layout, what.data);
  if (!entry_for) return std::unexpected(entry_for.error());
  core::Result<store::Destroyed> destroyed = core::fail(core::Code::internal, "Nothing was destroyed.");
  perform([&] {
    store::ActingFor acting(database.audit(), {.credential = "retention"});
    destroyed = database.control().destroy(what.rules, what.batch, *entry_for);
  });
  return destroyed;
}

bool empty_write_ahead_log(store::Database& database, Perform const& perform) {
  constexpr std::chrono::milliseconds kBetween{50};
  constexpr int kAttempts = 130;  // of 25 milliseconds each
  bool done = false;
  for (int attempt = 0; attempt < kAttempts && !done; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(kBetween);
    perform([&] { done = database.control().empty_write_ahead_log(); });
  }
  return done;
}

}  // namespace tocsin::app
