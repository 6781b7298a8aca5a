#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/app/admin_call.hpp"
#include "server/app/certificates.hpp"
#include "server/app/keys.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

struct StandardCollection {
  char const* title;
  char const* description;
};
constexpr StandardCollection kCollections[] = {
    {"network", "Proxy ranges, networks and domains: object types that every client parses."},
    {"accounts-and-behaviour",
     "Account patterns, prompt templates and usage profiles: holds object types beyond STIX 2.1."},
    {"campaigns", "Campaigns, infrastructure and what relates them."},
};

// What init was told, or took itself.
struct Chosen {
  std::string name, host, identity;
  bool demo;
};

// Makes the accounts of a fresh database: the instance's own organisation, the standard collections, the
// administrator's token.
core::Result<std::string> fill(Instance& instance, Chosen const& options) {
  core::Result<std::string> token = core::fail(core::Code::internal, "The accounts were not made.");
  auto& context = instance.context();
  context.ledger.perform([&] {
    auto& administration = context.administration;
    std::int64_t now = context.clock.now_us();
    auto organisation =
        administration.add(access::NewOrganisation{options.name, "other", "red", options.identity, ""}, now);
    if (!organisation) {
      token = std::unexpected(organisation.error());
      return;
    }
    for (auto const& collection : kCollections) {
      auto added = administration.add(
          access::NewCollection{collection.title, collection.title, collection.description, "green"}, now);
      if (!added) {
        token = std::unexpected(added.error());
        return;
      }
    }
    token =
        administration.add(access::NewCredential{options.name, {"admin"}, "administrator", {}, {}, {}, {}, {}}, now);
  });
  return token;
}

// What init makes besides folders; all of it is under these names until it is whole.
struct Made {
  fs::path folder;
  std::vector<std::string> names;
};
std::vector<Made> everything_made(Layout const& layout) {
  return {{layout.certificates(), {"ca.crt", "ca.key", "server.crt", "server.key"}},
          {layout.keys(), {"audit.key", "audit.pub", "cursor.key", "log.key", "root.key", "root.pub"}},
          {layout.audit(), {"spill", "checkpoints"}},
          {layout.directory, {"admin.token", "tocsin.db", "tocsin.db-wal", "tocsin.db-shm", "tocsin.toml.unfinished"}}};
}

core::Error cannot(std::string_view what, fs::path const& path, std::error_code const& failed) {
  return {core::Code::io_failed, "Cannot " + std::string(what) + " " + path.string() + ": " + failed.message() + ".",
          "", ""};
}

// What an earlier init left when it was interrupted: its files, and those that it was about to give these names.
core::Result<void> remove_leftovers(Layout const& layout) {
  for (auto const& [folder, names] : everything_made(layout)) {
    std::error_code failed;
    for (auto const& entry : fs::directory_iterator(folder, failed)) {
      std::string file = entry.path().filename().string();
      auto is_made = [&](std::string const& name) { return file == name || file.starts_with("." + name + "."); };
      if (std::ranges::none_of(names, is_made) || file == layout.unfinished_config().filename()) continue;
      if (std::error_code kept; !fs::remove(entry.path(), kept) && kept)
        return std::unexpected(cannot("remove", entry.path(), kept));
    }
    if (failed) return std::unexpected(cannot("look into", folder, failed));
  }
  return {};
}

core::Result<void> refuse_what_exists(Layout const& layout) {
  for (auto const& [folder, names] : everything_made(layout))
    for (auto const& name : names) {
      std::error_code unreadable;
      if (fs::exists(fs::symlink_status(folder / name, unreadable)))
        return core::fail(core::Code::directory_in_use, (folder / name).string() + " exists already.", "",
                          "Choose another directory, or move that file away.");
    }
  return {};
}

core::Result<void> refuse_an_instance(Layout const& layout) {
  std::error_code unreadable;
  if (!fs::exists(layout.config(), unreadable)) return {};
  return core::fail(core::Code::directory_in_use, layout.directory.string() + " holds an instance already.", "",
                    "Choose another directory.");
}

// A directory that is ours and empty of what is going to be made. The configuration is there from now on, under a name
// that says that the rest is not: an interrupted init is recognised by it, and only then may what is found be removed.
core::Result<base::DirectoryLock> prepare(Layout const& layout, std::string const& config) {
  if (auto free = refuse_an_instance(layout); !free) return std::unexpected(free.error());
  for (auto const& folder : {layout.directory, layout.certificates(), layout.keys(), layout.audit(), layout.run()}) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return std::unexpected(cannot("make", folder, failed));
    fs::permissions(folder, fs::perms::owner_all, failed);
  }
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return lock;
  if (auto free = refuse_an_instance(layout); !free)
    return std::unexpected(free.error());  // made while we waited for the lock
  std::error_code unreadable;
  bool interrupted = fs::exists(layout.unfinished_config(), unreadable);
  if (auto cleared = interrupted ? remove_leftovers(layout) : refuse_what_exists(layout); !cleared)
    return std::unexpected(cleared.error());
  if (auto written = base::write_file(layout.unfinished_config(), config, 0600); !written)
    return std::unexpected(written.error());
  return lock;
}

core::Result<void> write_keys(Layout const& layout, Chosen const& options, std::string const& origin) {
  if (auto made = write_certificates(layout.certificates(), options.name, options.host, base::SystemClock().now_us());
      !made)
    return made;
  auto log_key = make_signer(origin), root_key = make_signer(options.host + "/root");
  if (!log_key) return std::unexpected(log_key.error());
  if (!root_key) return std::unexpected(root_key.error());
  struct Key {
    fs::path path;
    std::string text;
  };
  for (auto const& secret : {Key{layout.cursor_key(), make_secret_key()}, Key{layout.log_key(), log_key->text() + "\n"},
                             Key{layout.root_key(), root_key->text() + "\n"},
                             Key{layout.root_public_key(), root_key->verifier().text() + "\n"}})
    if (auto written = base::write_file(secret.path, secret.text, 0600); !written) return written;
  return {};
}

core::Result<void> write_database(Layout const& layout, base::Config const& config, Chosen const& options) {
  if (auto migrated = store::migrate_sqlite(layout.database()); !migrated) return std::unexpected(migrated.error());
  auto instance = Instance::open(layout, config);
  if (!instance) return std::unexpected(instance.error());
  auto token = fill(**instance, options);
  if (!token) return std::unexpected(token.error());
  return base::write_file(layout.admin_token(), *token + "\n", 0600);
}

// The text of tocsin.toml, or nothing once the mistakes are printed: by option, for the file is not there yet.
std::optional<std::string> config_text(Chosen const& options, std::string const& origin) {
  base::ConfigSetting settings[] = {{"instance.name", options.name},
                                    {"instance.host", options.host},
                                    {"instance.identity", options.identity},
                                    {"instance.origin", origin},
                                    {"instance.demo", options.demo},
                                    {"tls.certificate", std::string("certs/server.crt")},
                                    {"tls.key", std::string("certs/server.key")}};
  auto text = base::config_template(settings);
  if (text) return *std::move(text);
  bool host = false;
  for (core::Error mistake : text.error()) {
    bool of_host = mistake.pointer == "/instance/host" || mistake.pointer == "/instance/origin";
    if (of_host && std::exchange(host, true)) continue;  // the origin is made of the host
    mistake.detail = std::string(of_host ? "--host" : "--name") + " has a value that is not allowed.";
    report(mistake);
  }
  return std::nullopt;
}

void say_what_was_made(Layout const& layout, InitOptions const& given, Chosen const& options) {
  std::cout << "made " << layout.directory.string() << '\n';
  if (!given.name) std::cout << "its name is " << options.name << "; another needs --name\n";
  if (!given.host) std::cout << "its host is " << options.host << "; another needs --host\n";
  std::cout << "the administrator's token is in " << layout.admin_token().string() << '\n'
            << "clients trust " << (layout.certificates() / "ca.crt").string() << '\n'
            << "move " << layout.root_key().string() << " to a place that is not on this machine\n"
            << "serve with: tocsind serve --dir " << layout.directory.string() << '\n';
}

}  // namespace

int init(Layout const& layout, InitOptions const& given) {
  Chosen options{given.name.value_or("tocsin"), given.host.value_or("localhost"), given.identity, given.demo};
  if (options.identity.empty()) options.identity = "identity--" + core::to_text(core::random_uuid());
  if (auto id = stix::Identifier::parse(options.identity); !id || id->type() != "identity")
    return report(
        {core::Code::bad_parameter, "--identity is not identity--UUID.", "", "Leave it out to have one made."});
  std::string origin = options.host + "/log";
  auto text = config_text(options, origin);
  if (!text) return 1;
  auto config = base::parse_config(*text);
  if (!config) return report(config.error().front());
  auto lock = prepare(layout, *text);
  if (!lock) return report(lock.error());
  if (auto written = write_keys(layout, options, origin); !written) return report(written.error());
  if (auto written = write_database(layout, *config, options); !written) return report(written.error());
  // Last: a directory with this name in it is whole.
  if (auto whole = base::move_file(layout.unfinished_config(), layout.config()); !whole) return report(whole.error());
  say_what_was_made(layout, given, options);
  return 0;
}

}  // namespace tocsin::app
