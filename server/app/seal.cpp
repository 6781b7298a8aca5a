#include "server/app/seal.hpp"

#include "schema/stix/timestamp.hpp"

namespace tocsin::app {
namespace {

std::string remedy(Layout const& layout, base::Config const& config) {
  std::string unseal = "tocsind unseal --dir " + layout.directory.string();
  return "See that no other copy is served. When the instance was stopped before the backup was made, copy its "
         "log-state to " +
         layout.log_state(config).string() + " and its keys/log.key to " + layout.log_key().string() +
         " and run: " + unseal + ". Else accept that the rest is lost: " + unseal + " --accept-loss --root-key FILE";
}

}  // namespace

core::Result<std::optional<ledger::LogState>> log_state_of(Layout const& layout, base::Config const& config) {
  auto state = ledger::read_log_state(layout.log_state(config));
  if (!state || !*state || (*state)->log.origin == config.instance.origin) return state;
  return core::fail(core::Code::conflict, layout.log_state(config).string() + " is about another log than this one.",
                    "", "Name another file in store.log_state, or put this instance's file there.");
}

core::Result<std::optional<core::Error>> why_sealed(Layout const& layout, base::Config const& config,
                                                    std::uint64_t size) {
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
  if (!*state || (*state)->log.size <= size) return std::nullopt;
  return core::Error{core::Code::unprocessable,
                     layout.directory.string() + " is sealed: its log has " + std::to_string(size) + " entries, and " +
                         layout.log_state(config).string() + " tells of " + std::to_string((*state)->log.size) +
                         ". The database was exchanged for an older one.",
                     "", "Put the newer database back. Else: " + remedy(layout, config)};
}

}  // namespace tocsin::app
