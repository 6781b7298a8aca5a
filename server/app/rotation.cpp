#include "server/app/rotation.hpp"

#include "schema/core/digest.hpp"
#include "schema/log/control.hpp"
#include "server/app/certificates.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/files.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

fs::path next_log_key(Layout const& layout) { return layout.keys() / "log.key.next"; }

// The new key's file gets the name of the old one, whose public part stays beside it.
core::Result<void> put_in_place(Layout const& layout, log::VerifierKey const& old) {
  std::string text = old.text(), number = text.substr(old.name().size() + 1, 8);
  if (auto kept = base::write_file(layout.keys() / ("log-" + number + ".pub"), text + "\n", 0644); !kept) return kept;
  return base::move_file(next_log_key(layout), layout.log_key());
}

bool uses_own_certificate(Layout const& layout, base::Config const& config) {
  return layout.directory / config.tls.certificate == layout.certificates() / "server.crt" &&
         layout.directory / config.tls.key == layout.certificates() / "server.key";
}

core::Result<KeyAndCertificate> read_authority(Layout const& layout, base::Config const& config) {
  auto certificate = base::read_file(layout.certificates() / "ca.crt", 1 << 16);
  auto key = base::read_file(layout.certificates() / "ca.key", 1 << 16);
  if (uses_own_certificate(layout, config) && key && certificate)
    return KeyAndCertificate{*std::move(key), *std::move(certificate)};
  return core::fail(core::Code::not_found,
                    "The certificate is not one that a development authority in " + layout.certificates().string() +
                        " could make anew.",
                    "",
                    "Get a certificate from its authority, put it and its key in place of " +
                        (layout.directory / config.tls.certificate).string() + " and " +
                        (layout.directory / config.tls.key).string() +
                        " (mv, so that each is whole), and send the server SIGHUP.");
}

// A folder like certs/ with other files for the server; the files that stay are the same ones under a second name.
core::Result<void> fill(fs::path const& folder, Layout const& layout, KeyAndCertificate const& server) {
  std::error_code failed;
  auto cannot = [&] {
    return core::fail(core::Code::io_failed,
                      "Cannot copy " + layout.certificates().string() + ": " + failed.message() + ".");
  };
  if (!fs::create_directory(folder, failed)) return cannot();
  fs::permissions(folder, fs::status(layout.certificates()).permissions(), failed);
  for (auto const& entry : fs::directory_iterator(layout.certificates(), failed)) {
    auto name = entry.path().filename();
    if (name != "server.crt" && name != "server.key") fs::create_hard_link(entry.path(), folder / name, failed);
    if (failed) return cannot();
  }
  if (failed) return cannot();
  if (auto written = base::write_file(folder / "server.key", server.key, 0600); !written) return written;
  return base::write_file(folder / "server.crt", server.certificate, 0644);
}

}  // namespace

core::Result<ChangedKey> rotate_log_key(Layout const& layout, store::Database& database, Perform const& perform,
                                        store::Actor const& by) {
  auto old = read_signer(layout.log_key());
  if (!old) return std::unexpected(old.error());
  auto next = make_signer(old->verifier().name());
  if (!next) return std::unexpected(next.error());
  auto logs = database.open_log();
  if (!logs) return std::unexpected(logs.error());
  auto data = ledger::read_root(**logs);
  if (!data) return std::unexpected(data.error());
  auto now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
  auto note = log::sign_key_change(*old, *next, now_s);
  if (!note) return std::unexpected(note.error());
  // The key before the entry that names it: the log never names a key that nobody has.
  if (auto kept = base::write_file(next_log_key(layout), next->text() + "\n", 0600); !kept)
    return std::unexpected(kept.error());
  core::Result<std::uint64_t> position = core::fail(core::Code::internal, "The entry was not stored.");
  log::Checkpoint said{old->verifier().name(), data->size, data->root};
  perform([&] {
    store::ActingFor acting(database.audit(), by);
    position = database.control().append(ledger::control_entry("key", said, *note), "log-key.change");
  });
  if (!position) return std::unexpected(position.error());
  if (auto placed = put_in_place(layout, old->verifier()); !placed) return std::unexpected(placed.error());
  return ChangedKey{old->verifier().text(), next->verifier().text()};
}

core::Result<void> settle_log_key(Layout const& layout, store::Database& database) {
  auto next = read_signer(next_log_key(layout));
  if (!next && next.error().code == core::Code::not_found) return {};
  if (!next) return std::unexpected(next.error());
  auto old = read_signer(layout.log_key());
  if (!old) return std::unexpected(old.error());
  auto logs = database.open_log();
  if (!logs) return std::unexpected(logs.error());
  bool named = false;
  auto visited = (*logs)->visit_control([&](store::LoggedControl const& row) {
    auto change = log::open_key_change(row.body);
    named = change && change->next == next->verifier();
    return true;
  });
  if (!visited) return visited;
  if (named) return put_in_place(layout, old->verifier());
  std::error_code failed;
  fs::remove(next_log_key(layout), failed);
  if (!failed) return {};
  return core::fail(core::Code::io_failed,
                    "Cannot remove " + next_log_key(layout).string() + ": " + failed.message() + ".");
}

core::Result<void> rotate_certificate(Layout const& layout, base::Config const& config) {
  auto authority = read_authority(layout, config);
  if (!authority) return std::unexpected(authority.error());
  auto server = make_server_certificate(*authority, config.instance.host, base::SystemClock().now_us());
  if (!server) return std::unexpected(server.error());
  fs::path other = layout.directory / ("certs.next-" + core::to_text(core::random_uuid()));
  auto done = fill(other, layout, *server);
  if (done) done = base::exchange_files(other, layout.certificates());
  std::error_code ignored;
  fs::remove_all(other, ignored);
  return done;
}

}  // namespace tocsin::app
