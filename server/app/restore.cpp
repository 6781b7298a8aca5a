#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "schema/core/digest.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/app/certificates.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/seal.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

std::unexpected<core::Error> cannot(std::string_view what, fs::path const& path, std::error_code const& failed) {
  return core::fail(core::Code::io_failed,
                    "Cannot " + std::string(what) + " " + path.string() + ": " + failed.message() + ".");
}

// A folder for what is not verified yet, inside the new directory so that everything moves within one file system.
class Workshop {
 public:
  explicit Workshop(Layout const& layout)
      : layout_{layout.directory / (".restoring-" + core::to_text(core::random_uuid()))} {}
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(layout_.directory, ignored);
  }
  Workshop(Workshop const&) = delete;
  Workshop& operator=(Workshop const&) = delete;
  [[nodiscard]] Layout const& layout() const { return layout_; }

 private:
  Layout layout_;
};

core::Result<void> require_empty(Layout const& layout) {
  std::error_code failed;
  if (!fs::exists(layout.directory, failed)) return {};
  for (auto const& entry : fs::directory_iterator(layout.directory, failed)) {
    if (entry.path().filename() == "lost+found") continue;  // of a file system that is mounted here
    bool instance = fs::exists(layout.config(), failed);
    return core::fail(core::Code::directory_in_use,
                      layout.directory.string() + (instance ? " holds an instance already." : " is not empty."), "",
                      "Choose another directory.");
  }
  if (failed) return cannot("look into", layout.directory, failed);
  return {};
}

core::Result<void> make_folders(Layout const& layout) {
  for (auto const& folder : {layout.directory, layout.certificates(), layout.keys(), layout.audit(), layout.run()}) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return cannot("make", folder, failed);
    fs::permissions(folder, fs::perms::owner_all, failed);
  }
  return {};
}

core::Result<store::BackupSeal> seal_of(fs::path const& from) {
  auto facts = base::read_file(from, 0);  // says what is wrong with the path in better words than the database does
  if (!facts && facts.error().code == core::Code::not_found) return std::unexpected(facts.error());
  auto seal = store::read_seal(from);
  if (seal && *seal) return **seal;
  return core::fail(core::Code::unprocessable, from.string() + " is no backup that tocsind made, or is damaged.", "",
                    "Use another backup.");
}

// Everything in the copy agrees with itself and with the seal.
core::Result<void> verify(fs::path const& copy, store::BackupSeal const& seal) {
  auto damaged = [&](std::string const& finding) {
    return core::fail(core::Code::log_inconsistent, "The backup is damaged: " + finding + ".", "",
                      "Nothing was restored. Use another backup.");
  };
  auto logs = store::open_sqlite_log(copy);
  if (!logs) return damaged("its database cannot be read");
  auto findings = (*logs)->integrity();
  if (!findings) return damaged("its database cannot be read");
  if (!findings->empty()) return damaged(findings->front());
  auto root = log::VerifierKey::parse(seal.root_key);
  if (!root) return damaged("it names no root key");
  auto verdict = ledger::verify_log(**logs, *root);
  if (!verdict) return damaged("its log cannot be read");
  if (!verdict->findings.empty()) return damaged(verdict->findings.front());
  if (verdict->size != seal.data_size || verdict->root != seal.root)
    return damaged("its log is not the one that was backed up");
  return {};
}

core::Result<base::Config> unpack(Layout const& workshop) {
  auto files = store::read_files(workshop.database());
  if (!files) return std::unexpected(files.error());
  std::optional<base::Config> config;
  for (auto const& path :
       {workshop.config(), workshop.cursor_key(), workshop.root_public_key(), workshop.audit_public_key()}) {
    auto found =
        std::ranges::find(*files, path.lexically_relative(workshop.directory).string(), &store::BackupFile::name);
    if (found == files->end() && path == workshop.audit_public_key()) continue;  // of an instance never served
    if (found == files->end())
      return core::fail(core::Code::log_inconsistent,
                        "The backup is damaged: it lacks " + path.filename().string() + ".");
    if (auto written = base::write_file(path, found->bytes, 0600); !written) return std::unexpected(written.error());
    if (path != workshop.config()) continue;
    auto parsed = base::parse_config(found->bytes);
    if (!parsed) return std::unexpected(parsed.error().front());
    config = *std::move(parsed);
  }
  if (auto removed = store::remove_files(workshop.database()); !removed) return std::unexpected(removed.error());
  return *std::move(config);
}

bool has_own_certificate(base::Config const& config) {
  return config.tls.certificate == "certs/server.crt" && config.tls.key == "certs/server.key";
}

core::Result<void> sync(fs::path const& file) {
  int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!done) return core::fail(core::Code::io_failed, "Cannot make durable " + file.string() + ".");
  return {};
}

// Copies, verifies and completes in the workshop; nothing of it has its name yet.
core::Result<base::Config> build(Layout const& workshop, fs::path const& from, store::BackupSeal const& seal) {
  if (auto made = make_folders(workshop); !made) return std::unexpected(made.error());
  std::error_code failed;
  fs::copy_file(from, workshop.database(), failed);
  if (failed) return cannot("copy", from, failed);
  fs::permissions(workshop.database(), fs::perms::owner_read | fs::perms::owner_write, failed);
  if (auto good = verify(workshop.database(), seal); !good) return std::unexpected(good.error());
  auto config = unpack(workshop);
  if (!config) return config;
  if (has_own_certificate(*config)) {
    auto made = write_certificates(workshop.certificates(), config->instance.name, config->instance.host,
                                   base::SystemClock().now_us());
    if (!made) return std::unexpected(made.error());
  }
  if (auto done = sync(workshop.database()); !done) return std::unexpected(done.error());
  return config;
}

// The configuration last: a directory with it in it is whole.
core::Result<void> move_in(Layout const& workshop, Layout const& layout) {
  for (auto const& [from, to] : {std::pair{workshop.certificates(), layout.certificates()},
                                 {workshop.keys(), layout.keys()},
                                 {workshop.audit(), layout.audit()},
                                 {workshop.run(), layout.run()},
                                 {workshop.database(), layout.database()},
                                 {workshop.config(), layout.config()}})
    if (auto moved = base::move_file(from, to); !moved) return moved;
  return {};
}

void say_what_was_restored(Layout const& layout, base::Config const& config, store::BackupSeal const& seal) {
  std::cout << "restored " << layout.directory.string() << '\n'
            << "backup\tof " << stix::Timestamp::from_microseconds(seal.made_us).text() << '\n'
            << "log\tsize " << seal.data_size << ", root " << core::to_base64(core::view(seal.root)) << '\n';
  if (has_own_certificate(config))
    std::cout << "certificate\ta new development authority: clients trust "
              << (layout.certificates() / "ca.crt").string() << '\n';
  else
    std::cout << "certificate\tput the certificate and its key where they were: "
              << (layout.directory / config.tls.certificate).string() << ", "
              << (layout.directory / config.tls.key).string() << '\n';
  if (auto key = read_verifier(layout.audit_public_key()); key)
    std::cout << "audit\tcheckpoints of the trail so far are signed by " << key->text()
              << ", whose private key is in no backup: put keys/audit.key there, or the next start makes another\n";
}

}  // namespace

int restore(Layout const& layout, fs::path const& from, UnsealOptions const& options) {
  if (auto sensible = check_options(options); !sensible) return report(sensible.error());
  auto seal = seal_of(from);
  if (!seal) return report(seal.error());
  if (auto empty = require_empty(layout); !empty) return report(empty.error());
  std::error_code failed;
  fs::create_directories(layout.directory, failed);
  if (failed) return report(cannot("make", layout.directory, failed).error());
  fs::permissions(layout.directory, fs::perms::owner_all, failed);
  {
    Workshop workshop(layout);
    auto config = build(workshop.layout(), from, *seal);
    if (!config) return report(config.error());
    if (auto moved = move_in(workshop.layout(), layout); !moved) return report(moved.error());
    say_what_was_restored(layout, *config, *seal);
    if (!options.accept_loss) {
      auto why = why_sealed(layout, *config);
      if (!why) return report(why.error());
      std::cout << "sealed\t" << (*why)->detail << ' ' << (*why)->remedy << '\n';
      return 0;
    }
  }
  return unseal(layout, options);
}

}  // namespace tocsin::app
