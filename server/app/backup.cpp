#include "server/store/backup.hpp"

#include <iostream>

#include "schema/core/digest.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

// Removes what an interrupted backup would leave, with the files SQLite puts beside it.
class Unfinished {
 public:
  explicit Unfinished(fs::path file) : file_(std::move(file)) {}
  ~Unfinished() {
    for (auto const* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::error_code ignored;
      fs::remove(file_.string() + suffix, ignored);
    }
  }
  Unfinished(Unfinished const&) = delete;
  Unfinished& operator=(Unfinished const&) = delete;
  [[nodiscard]] fs::path const& path() const { return file_; }

 private:
  fs::path file_;
};

// What lies beside the database and cannot be made again. No private key that others know the instance by.
core::Result<std::vector<store::BackupFile>> files_beside(Layout const& layout) {
  std::vector<store::BackupFile> out;
  auto name = [&](fs::path const& path) { return path.lexically_relative(layout.directory).string(); };
  for (auto const& path : {layout.config(), layout.cursor_key()}) {
    auto bytes = base::read_file(path, 1 << 20);
    if (!bytes) return std::unexpected(bytes.error());
    out.push_back({name(path), *std::move(bytes)});
  }
  auto root_key = read_root_verifier(layout);
  if (!root_key) return std::unexpected(root_key.error());
  out.push_back({name(layout.root_public_key()), root_key->text() + "\n"});
  auto audit_key = read_verifier(layout.audit_public_key());
  if (!audit_key && audit_key.error().code != core::Code::not_found) return std::unexpected(audit_key.error());
  if (audit_key) out.push_back({name(layout.audit_public_key()), audit_key->text() + "\n"});
  return out;
}

core::Result<store::BackupSeal> seal_of(Layout const& layout, fs::path const& copy, std::int64_t now_us) {
  auto log_key = read_signer(layout.log_key());
  if (!log_key) return std::unexpected(log_key.error());
  auto root_key = read_root_verifier(layout);
  if (!root_key) return std::unexpected(root_key.error());
  auto logs = store::open_sqlite_log(copy);
  if (!logs) return std::unexpected(logs.error());
  auto verdict = ledger::verify_log(**logs, *root_key);
  if (!verdict) return std::unexpected(verdict.error());
  if (!verdict->findings.empty())
    return core::fail(core::Code::log_inconsistent, "The database is damaged: " + verdict->findings.front() + ".", "",
                      "No backup was made. See what there is with: tocsind check --dir " + layout.directory.string());
  return store::BackupSeal{now_us, verdict->size, verdict->root, log_key->verifier().text(), root_key->text()};
}

core::Result<store::BackupSeal> make_backup(Layout const& layout, fs::path const& to) {
  std::error_code unreadable;
  if (fs::exists(fs::symlink_status(to, unreadable)))
    return core::fail(core::Code::directory_in_use, to.string() + " exists already.", "",
                      "Choose another name; a backup never replaces a file.");
  auto sealed = store::read_seal(layout.database());
  if (!sealed) return std::unexpected(of_database(layout, sealed.error()));
  if (*sealed)
    return core::fail(core::Code::unprocessable, layout.directory.string() + " is sealed: it is a backup itself.", "",
                      "Keep the file that it was restored from, or unseal it first.");
  auto files = files_beside(layout);
  if (!files) return std::unexpected(files.error());
  Unfinished copy(to.parent_path() / ("." + to.filename().string() + "." + core::to_text(core::random_uuid())));
  std::int64_t now_us = base::SystemClock().now_us();
  if (auto copied = store::copy_database(layout.database(), copy.path()); !copied)
    return std::unexpected(copied.error());
  auto seal = seal_of(layout, copy.path(), now_us);
  if (!seal) return seal;
  if (auto added = store::add_seal(copy.path(), *seal, *files); !added) return std::unexpected(added.error());
  if (auto named = base::publish_file(copy.path(), to); !named) return std::unexpected(named.error());
  return seal;
}

}  // namespace

int backup(Layout const& layout, fs::path const& to) {
  if (!config_or_report(layout)) return 1;
  if (auto there = require_database(layout); !there) return report(there.error());
  auto seal = make_backup(layout, to);
  if (!seal) return report(seal.error());
  std::string log = "size " + std::to_string(seal->data_size) + ", root " + core::to_base64(core::view(seal->root));
  // For `check` only: that it cannot be written makes no backup bad.
  (void)base::write_file(
      layout.last_backup(),
      stix::Timestamp::from_microseconds(seal->made_us).text() + ", " + log + ", " + fs::absolute(to).string() + "\n",
      0600);
  std::cout << "backup\t" << to.string() << ", " << fs::file_size(to) << " bytes\nlog\t" << log << '\n';
  return 0;
}

}  // namespace tocsin::app
