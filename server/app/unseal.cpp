#include <iostream>

#include "schema/core/counted.hpp"
#include "schema/core/digest.hpp"
#include "schema/log/control.hpp"
#include "schema/log/manifest.hpp"
#include "server/app/log_keys.hpp"
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
  std::optional<log::VerifierKey> log_key;  // that the log was signed with; nullopt: unknown
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
  Found found{{config.instance.origin, verdict->size, verdict->root}, *std::move(root_key), verdict->key};
  if (*seal) {
    auto log_key = log::VerifierKey::parse((*seal)->log_key);
    if (!log_key) return std::unexpected(log_key.error());
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

// The root key says that the rest is lost, and which key the log goes on with.
core::Result<void> declare_loss(Layout const& layout, Found const& found, std::filesystem::path const& root_file) {
  auto root = read_signer(root_file);
  if (!root) return std::unexpected(root.error());
  if (root->verifier() != found.root_key)
    return core::fail(core::Code::forbidden, root_file.string() + " is not this instance's root key.", "",
                      "Its number is " + found.root_key.text().substr(found.root_key.name().size() + 1, 8) + ".");
  auto next = make_signer(found.log.origin);
  if (!next) return std::unexpected(next.error());
  auto now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
  auto note = log::sign_loss({found.log, next->verifier(), now_s}, *root);
  if (!note) return std::unexpected(note.error());
  auto database = store::open_sqlite({layout.database(), 64});
  if (!database) return std::unexpected(database.error());
  // The key first: should this end here, the directory is sealed still, and the next attempt makes another.
  if (auto kept = base::write_file(layout.log_key(), next->text() + "\n", 0600); !kept) return kept;
  auto position = (*database)->control().append(ledger::control_entry("loss", found.log, *note), "loss.declare");
  if (!position) return std::unexpected(position.error());
  return {};
}

// What was signed of the control log may be lost with the rest: the root key's declaration stands for it.
core::Result<void> start_control_anew(Layout const& layout, base::Config const& config, Found const& found) {
  auto said = control_log_in(layout, found.log.origin);
  if (!said) return std::unexpected(said.error());
  return ledger::write_log_state(layout.control_log_state(config), {*std::move(said), true});
}

core::Result<Found> open_seal(Layout const& layout, base::Config const& config, UnsealOptions const& options) {
  auto found = look(layout, config);
  if (!found) return std::unexpected(of_database(layout, found.error()));
  auto why = why_sealed(layout, config);
  if (!why) return std::unexpected(why.error());
  if (!*why)
    return core::fail(core::Code::conflict, layout.directory.string() + " is not sealed.", "",
                      "Serve it with: tocsind serve --dir " + layout.directory.string());
  auto allowed = options.accept_loss ? declare_loss(layout, *found, options.root_key.value_or(layout.root_key()))
                                     : require_nothing_newer(layout, config, *found);
  if (!allowed) return std::unexpected(allowed.error());
  if (auto written = ledger::write_log_state(layout.log_state(config), {found->log, true, {}}); !written)
    return std::unexpected(written.error());
  if (auto written = options.accept_loss ? start_control_anew(layout, config, *found) : core::Result<void>(); !written)
    return std::unexpected(written.error());
  if (auto lifted = store::lift_seal(layout.database()); !lifted) return std::unexpected(lifted.error());
  return found;
}

}  // namespace

core::Result<void> check_options(UnsealOptions const& options) {
  if (!options.root_key || options.accept_loss) return {};
  return core::fail(core::Code::bad_parameter, "--root-key is for --accept-loss.", "", "Give both, or neither.");
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
