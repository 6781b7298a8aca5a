#include <iostream>

#include "schema/core/counted.hpp"
#include "schema/core/digest.hpp"
#include "schema/log/control.hpp"
#include "schema/log/manifest.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/newest_seen.hpp"
#include "server/app/peers_of_restored.hpp"
#include "server/app/seal.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

// What the sealed database is, verified.
struct Found {
  log::Checkpoint log;
  log::VerifierKey root_key;
  std::optional<log::VerifierKey> log_key;  // that the log was signed with when it was backed up; nullopt: unknown
  std::vector<log::VerifierKey> log_keys;   // all that are known here
};

core::Result<Found> look(Layout const& layout, base::Config const& config) {
  auto seal = store::read_seal(layout.database());
  if (!seal) return std::unexpected(seal.error());
  auto root_key = *seal ? log::VerifierKey::parse((*seal)->root_key) : read_root_verifier(layout);
  if (!root_key) return std::unexpected(root_key.error());
  auto logs = store::open_sqlite_log(layout.database());
  if (!logs) return std::unexpected(logs.error());
  auto verdict = ledger::verify_log(**logs, *root_key);
  if (!verdict) return std::unexpected(verdict.error());
  if (!verdict->findings.empty())
    return core::fail(core::Code::log_inconsistent, "The database is damaged: " + verdict->findings.front() + ".", "",
                      "Restore another backup.");
  Found found{{config.instance.origin, verdict->size, verdict->root}, *std::move(root_key), verdict->key, {}};
  if (verdict->key) found.log_keys.push_back(*verdict->key);
  if (*seal) {
    auto log_key = log::VerifierKey::parse((*seal)->log_key);
    if (!log_key) return std::unexpected(log_key.error());
    found.log_keys.push_back(*log_key);
    found.log_key = *std::move(log_key);
  }
  return found;
}

core::Error refusal(std::string detail, Layout const& layout) {
  return {core::Code::unprocessable, std::move(detail), "",
          "To accept that the rest is lost: tocsind unseal --dir " + layout.directory.string() +
              " --accept-loss --root-key FILE"};
}

// This log is what it was when the instance stopped: `file` says so.
core::Result<void> require_all_of(log::Checkpoint const& found, std::filesystem::path const& file,
                                  Layout const& layout) {
  auto const state = ledger::read_log_state(file);
  if (!state) return std::unexpected(state.error());
  if (!*state)
    return std::unexpected(refusal(
        "Nothing tells how long the log was when the instance last ran: " + file.string() + " is missing.", layout));
  auto const& noted = (*state)->log;
  if (noted != found)
    return std::unexpected(refusal(file.string() + " tells of a log of " +
                                       core::counted(noted.size, "entry", "entries") + ", and this one has " +
                                       std::to_string(found.size) + (noted.size == found.size ? " others." : "."),
                                   layout));
  if (!(*state)->stopped)
    return std::unexpected(refusal("The instance was still running when " + file.string() +
                                       " was last written: it may have stored more in its last moment.",
                                   layout));
  return {};
}

core::Result<log::Checkpoint> control_log_in(Layout const& layout, std::string const& origin) {
  auto logs = store::open_sqlite_log(layout.database());
  if (!logs) return std::unexpected(logs.error());
  auto control = ledger::read_root(**logs, store::LogName::control);
  if (!control) return std::unexpected(control.error());
  return log::Checkpoint{log::control_origin(origin), control->size, control->root};
}

// Nothing was stored after the backup: the last thing the instance wrote before it stopped says so, of both logs. An
// erasure makes the control log alone longer.
core::Result<void> require_nothing_newer(Layout const& layout, base::Config const& config, Found const& found) {
  if (auto state = log_state_of(layout, config); !state) return std::unexpected(state.error());
  if (auto whole = require_all_of(found.log, layout.log_state(config), layout); !whole) return whole;
  auto const control = control_log_in(layout, found.log.origin);
  if (!control) return std::unexpected(control.error());
  if (auto whole = require_all_of(*control, layout.control_log_state(config), layout); !whole) return whole;
  auto key = read_signer(layout.log_key());
  if (!key && key.error().code == core::Code::not_found)
    return std::unexpected(refusal(layout.log_key().string() + " is missing: copy it from the old directory.", layout));
  if (!key) return std::unexpected(key.error());
  if (found.log_key && key->verifier() != *found.log_key)
    return std::unexpected(refusal(layout.log_key().string() + " is not the key of this log.", layout));
  return {};
}

core::Result<log::SignerKey> root_key_of(Found const& found, std::filesystem::path const& file) {
  auto root = read_signer(file);
  if (!root || root->verifier() == found.root_key) return root;
  return core::fail(core::Code::forbidden, file.string() + " is not this instance's root key.", "",
                    "Its number is " + found.root_key.text().substr(found.root_key.name().size() + 1, 8) + ".");
}

// That the log may have been signed with, as far as is known here.
std::vector<log::VerifierKey> keys_of(Layout const& layout, Found const& found) {
  std::vector<log::VerifierKey> keys = found.log_keys;
  if (auto key = read_signer(layout.log_key()); key) keys.push_back(key->verifier());
  return keys;
}

void say(NewestSeen const& seen, std::vector<PeersOfRestored::ControlLog> const& read) {
  for (auto const& [peer, data, control] : seen.peers)
    std::cout << "peer\t" << peer << " saw " << core::counted(data, "entry", "entries") << " of the log, and "
              << control << " of the control log\n";
  for (auto const& [peer, size] : read)
    std::cout << "read\t" << core::counted(size, "entry", "entries") << " of the control log of " << peer << '\n';
}

// The root key says that the rest is lost, and which key the log goes on with: behind all that peers saw.
core::Result<store::TakenBack> declare_loss(Layout const& layout, Found const& found, log::SignerKey const& root,
                                            store::Database& database, NewestSeen seen) {
  auto next = make_signer(found.log.origin);
  if (!next) return std::unexpected(next.error());
  auto const now_us = base::SystemClock().now_us();
  auto note = log::sign_loss({found.log, next->verifier(), static_cast<std::uint64_t>(now_us / 1'000'000)}, root);
  if (!note) return std::unexpected(note.error());
  // The key first: should this end here, the directory is sealed still, and the next attempt makes another.
  if (auto kept = base::write_file(layout.log_key(), next->text() + "\n", 0600); !kept)
    return std::unexpected(kept.error());
  seen.beyond.control.push_back(ledger::control_entry("loss", seen.data, *note));
  auto taken = database.control().take_back(seen.beyond, now_us);
  (void)database.control().empty_write_ahead_log();  // of what was erased again
  return taken;
}

// Peers are asked, and what they took back is done, before anything is signed or shown.
core::Result<log::Checkpoint> accept_loss(Layout const& layout, base::Config const& config, Found const& found,
                                          UnsealOptions const& options) {
  auto root = root_key_of(found, options.root_key.value_or(layout.root_key()));
  if (!root) return std::unexpected(root.error());
  auto database = store::open_sqlite({layout.database(), 64});
  if (!database) return std::unexpected(database.error());
  auto peers = PeersOfRestored::open(layout, config, **database, options.without);
  if (!peers) return std::unexpected(peers.error());
  auto logs = (*database)->open_log();
  if (!logs) return std::unexpected(logs.error());
  auto seen = newest_seen(**logs, found.log.origin, keys_of(layout, found), found.root_key, (*peers)->reached());
  logs->reset();
  if (!seen) return std::unexpected(seen.error());
  auto const read = (*peers)->read_control_logs();
  if (!read) return std::unexpected(read.error());
  say(*seen, *read);
  auto const taken = declare_loss(layout, found, *root, **database, *seen);
  if (!taken) return std::unexpected(taken.error());
  if (taken->lost > 0)
    std::cout << "lost\t" << core::counted(taken->lost, "entry", "entries") << " of the log, from " << found.log.size
              << " on: peers hold what they were shown of them\n";
  if (taken->erased + taken->ended + taken->restored > 0)
    std::cout << "done again\t" << taken->erased << " erased, " << taken->ended << " recalled, " << taken->restored
              << " restored\n";
  return seen->data;
}

// What was signed of the control log may be lost with the rest: the root key's declaration stands for it.
core::Result<void> start_anew(Layout const& layout, base::Config const& config, log::Checkpoint const& data) {
  if (auto written = ledger::write_log_state(layout.log_state(config), {data, true, {}}); !written) return written;
  auto control = control_log_in(layout, data.origin);
  if (!control) return std::unexpected(control.error());
  return ledger::write_log_state(layout.control_log_state(config), {*std::move(control), true});
}

core::Result<Found> open_seal(Layout const& layout, base::Config const& config, UnsealOptions const& options) {
  auto found = look(layout, config);
  if (!found) return std::unexpected(of_database(layout, found.error()));
  auto why = why_sealed(layout, config);
  if (!why) return std::unexpected(why.error());
  if (!*why)
    return core::fail(core::Code::conflict, layout.directory.string() + " is not sealed.", "",
                      "Serve it with: tocsind serve --dir " + layout.directory.string());
  if (options.accept_loss) {
    auto goes_on = accept_loss(layout, config, *found, options);
    if (!goes_on) return std::unexpected(goes_on.error());
    found->log = *std::move(goes_on);
    if (auto written = start_anew(layout, config, found->log); !written) return std::unexpected(written.error());
  } else {
    if (auto whole = require_nothing_newer(layout, config, *found); !whole) return std::unexpected(whole.error());
    if (auto written = ledger::write_log_state(layout.log_state(config), {found->log, true, {}}); !written)
      return std::unexpected(written.error());
  }
  if (auto lifted = store::lift_seal(layout.database()); !lifted) return std::unexpected(lifted.error());
  return found;
}

}  // namespace

core::Result<void> check_options(UnsealOptions const& options) {
  if (options.accept_loss) return {};
  if (options.root_key)
    return core::fail(core::Code::bad_parameter, "--root-key is for --accept-loss.", "", "Give both, or neither.");
  if (!options.without.empty())
    return core::fail(core::Code::bad_parameter, "--without is for --accept-loss.", "",
                      "Peers are asked only when what is missing here is lost.");
  return {};
}

int unseal(Layout const& layout, UnsealOptions const& options) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  if (auto there = require_database(layout); !there) return report(there.error());
  if (auto sensible = check_options(options); !sensible) return report(sensible.error());
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return report(lock.error());
  auto found = open_seal(layout, *config, options);
  if (!found) return report(found.error());
  std::cout << "unsealed\t" << layout.directory.string() << '\n'
            << "log\tsize " << found->log.size << ", root " << core::to_base64(core::view(found->log.root)) << '\n';
  return 0;
}

}  // namespace tocsin::app
