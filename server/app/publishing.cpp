#include "server/app/publishing.hpp"

#include <utility>

#include "schema/log/manifest.hpp"
#include "server/app/keys.hpp"
#include "server/app/log_keys.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/backup.hpp"

namespace tocsin::app {
namespace {

core::Result<ledger::LogSigner> signer_of(log::SignerKey key, ledger::FreshnessKey freshness,
                                          std::filesystem::path const& file) {
  if (auto running = ledger::mark_running(file); !running) return std::unexpected(running.error());
  auto before = ledger::read_log_state(file);
  if (!before) return std::unexpected(before.error());
  if (*before && (*before)->log.origin != key.verifier().name())
    return core::fail(core::Code::conflict, file.string() + " is about another log than this one.", "",
                      "Name another file in store.log_state, or put this instance's file there.");
  return ledger::LogSigner(std::move(key), std::move(freshness), file, *std::move(before));
}

core::Result<std::unique_ptr<ledger::PublishedLog>> follow(store::LogName name, ledger::LogSigner signer,
                                                           store::Database& database, Surroundings const& around) {
  auto logs = database.open_log();
  if (!logs) return std::unexpected(logs.error());
  ledger::LogMetrics metrics(around.metrics, name == store::LogName::data ? "data" : "control");
  return std::make_unique<ledger::PublishedLog>(*std::move(logs), name, std::move(signer), around.clock, around.log,
                                                metrics, around.longer);
}

}  // namespace

core::Result<LogSigningKeys> log_signing_keys(Layout const& layout) {
  auto data = read_signer(layout.log_key());
  if (!data) return std::unexpected(data.error());
  auto control = data->named(log::control_origin(data->verifier().name()));
  if (!control) return std::unexpected(control.error());
  return LogSigningKeys{*std::move(data), *std::move(control)};
}

core::Result<ledger::PublishedLogs> publish(Layout const& layout, base::Config const& config, store::Database& database,
                                            Surroundings const& around) {
  auto keys = log_signing_keys(layout);
  if (!keys) return std::unexpected(keys.error());
  auto own = freshness_key(layout, config.instance.origin);
  if (!own) return std::unexpected(own.error());
  auto freshness = std::make_shared<log::SignerKey const>(*std::move(own));
  auto data_signer = signer_of(std::move(keys->data), freshness, layout.log_state(config));
  if (!data_signer) return std::unexpected(data_signer.error());
  auto control_signer = signer_of(std::move(keys->control), freshness, layout.control_log_state(config));
  if (!control_signer) return std::unexpected(control_signer.error());
  auto data = follow(store::LogName::data, *std::move(data_signer), database, around);
  if (!data) return std::unexpected(of_database(layout, data.error()));
  auto control = follow(store::LogName::control, *std::move(control_signer), database, around);
  if (!control) return std::unexpected(of_database(layout, control.error()));
  return ledger::PublishedLogs{*std::move(data), *std::move(control)};
}

core::Result<void> change_unserved(Layout const& layout, base::Config const& config,
                                   std::function<void()> const& change) {
  auto const file = layout.control_log_state(config);
  auto state = ledger::read_log_state(file);
  if (!state) return std::unexpected(state.error());
  bool const whole = *state && (*state)->stopped;
  if (auto running = ledger::mark_running(file); !running) return running;
  change();
  if (!whole) return {};
  auto logs = store::open_sqlite_log(layout.database());
  if (!logs) return {};  // the change was made; the file says `running`, and nobody takes it for the last word
  auto const now = ledger::read_root(**logs, store::LogName::control);
  if (!now) return {};
  if (now->size != (*state)->log.size)
    **state = {{(*state)->log.origin, now->size, now->root}, true, std::nullopt, (*state)->time_s};
  (void)ledger::write_log_state(file, **state);
  return {};
}

}  // namespace tocsin::app
