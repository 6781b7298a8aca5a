#include "server/app/erasure.hpp"

#include <chrono>
#include <thread>

#include "schema/log/control.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/clock.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {

core::Result<store::Erased> erase(Layout const& layout, store::Database& database, Perform const& perform,
                                  store::Erasure const& erasure, store::Actor const& by) {
  auto signer = read_signer(layout.log_key());
  if (!signer) return std::unexpected(signer.error());
  auto logs = database.open_log();
  if (!logs) return std::unexpected(logs.error());
  // An older root is as good: the entry says that the log was so when it was made.
  auto data = ledger::read_root(**logs);
  if (!data) return std::unexpected(data.error());
  log::Checkpoint said{signer->verifier().name(), data->size, data->root};
  auto entry_for = [&](std::vector<std::uint64_t> const& leaves) -> core::Result<store::ControlEntry> {
    auto now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
    auto note = log::sign_erasure(leaves, *signer, now_s);
    if (!note) return std::unexpected(note.error());
    return ledger::control_entry("erase", said, *note);
  };
  core::Result<store::Erased> erased = core::fail(core::Code::internal, "Nothing was erased.");
  perform([&] {
    store::ActingFor acting(database.audit(), by);
    erased = database.control().erase(erasure, entry_for);
  });
  return erased;
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
