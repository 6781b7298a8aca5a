#include "server/app/seal.hpp"

#include "schema/core/counted.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

std::string remedy(Layout const& layout, base::Config const& config) {
  std::string unseal = "tocsind unseal --dir " + layout.directory.string();
  return "See that no other copy is served. When the instance was stopped before the backup was made, copy its "
         "log-state to " +
         layout.log_state(config).string() + ", its log-state.control to " + layout.control_log_state(config).string() +
         " and its keys/log.key to " + layout.log_key().string() + " and run: " + unseal +
         ". Else accept that the rest is lost: " + unseal + " --accept-loss --root-key FILE";
}

// A log that is long enough must begin as the one that was noted.
core::Result<std::optional<core::Error>> why_other(Layout const& layout, base::Config const& config,
                                                   ledger::LogState const& noted, store::LogStore& logs) {
  auto continued = ledger::continues(logs, noted);
  if (!continued) return std::unexpected(of_database(layout, continued.error()));
  if (*continued) return std::nullopt;
  return core::Error{core::Code::unprocessable,
                     layout.directory.string() + " is sealed: its log is not the one that " +
                         layout.log_state(config).string() + " tells of, from entry " + std::to_string(noted.log.size) +
                         " or before. The database was exchanged for another.",
                     "", "Put the database back that was served last. Else: " + remedy(layout, config)};
}

// The log of objects is as long after an erasure as before: a database that does not know of it would show again what
// was erased.
core::Result<std::optional<core::Error>> why_other_control(Layout const& layout, base::Config const& config,
                                                           store::LogStore& logs) {
  auto const file = layout.control_log_state(config);
  auto const noted = ledger::read_log_state(file);
  if (!noted) return std::unexpected(noted.error());
  if (!*noted) return std::nullopt;
  auto const root = ledger::root_at(logs, store::LogName::control, (*noted)->log.size);
  if (!root) return std::unexpected(of_database(layout, root.error()));
  if (*root == (*noted)->log.root) return std::nullopt;
  return core::Error{core::Code::unprocessable,
                     layout.directory.string() + " is sealed: its control log does not go on from what " +
                         file.string() + " tells of. The database was exchanged for another.",
                     "", "Put the database back that was served last. Else: " + remedy(layout, config)};
}

}  // namespace

core::Result<std::optional<ledger::LogState>> log_state_of(Layout const& layout, base::Config const& config) {
  auto state = ledger::read_log_state(layout.log_state(config));
  if (!state || !*state || (*state)->log.origin == config.instance.origin) return state;
  return core::fail(core::Code::conflict, layout.log_state(config).string() + " is about another log than this one.",
                    "", "Name another file in store.log_state, or put this instance's file there.");
}

core::Result<std::optional<core::Error>> why_sealed(Layout const& layout, base::Config const& config,
                                                    store::LogStore& logs) {
  auto seal = store::read_seal(layout.database());
  if (!seal) return std::unexpected(of_database(layout, seal.error()));
  if (*seal)
    return core::Error{core::Code::unprocessable,
                       layout.directory.string() + " is sealed: it was restored from a backup of " +
                           stix::Timestamp::from_microseconds((*seal)->made_us).text() +
                           ", and what was stored later is not in it.",
                       "", remedy(layout, config)};
  auto state = log_state_of(layout, config);
  if (!state) return std::unexpected(state.error());
  if (!*state) return why_other_control(layout, config, logs);
  auto size = logs.data_size();
  if (!size) return std::unexpected(of_database(layout, size.error()));
  if ((*state)->log.size <= *size) {
    auto other = why_other(layout, config, **state, logs);
    return other && !*other ? why_other_control(layout, config, logs) : other;
  }
  return core::Error{core::Code::unprocessable,
                     layout.directory.string() + " is sealed: its log has " + core::counted(*size, "entry", "entries") +
                         ", and " + layout.log_state(config).string() + " tells of " +
                         std::to_string((*state)->log.size) + ". The database was exchanged for an older one.",
                     "", "Put the newer database back. Else: " + remedy(layout, config)};
}

core::Result<std::optional<core::Error>> why_sealed(Layout const& layout, base::Config const& config) {
  auto logs = store::open_sqlite_log(layout.database());
  if (!logs) return std::unexpected(of_database(layout, logs.error()));
  return why_sealed(layout, config, **logs);
}

}  // namespace tocsin::app
