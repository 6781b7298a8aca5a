#include <iostream>
#include <nlohmann/json.hpp>

#include "server/app/admin_call.hpp"
#include "server/app/certificates.hpp"
#include "server/app/keys.hpp"
#include "server/app/verbs.hpp"
#include "schema/core/digest.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

struct StandardCollection {
  char const* title;
  char const* description;
};
constexpr StandardCollection kCollections[] = {
    {"network", "Proxy ranges, networks and domains: object types that every client parses."},
    {"accounts-and-behaviour", "Account patterns, prompt templates and usage profiles: holds object types beyond STIX 2.1."},
    {"campaigns", "Campaigns, infrastructure and what relates them."},
};

// Makes the accounts of a fresh database: the instance's own organisation, the standard collections, the administrator's token.
core::Result<std::string> fill(Instance& instance, InitOptions const& options) {
  core::Result<std::string> token = core::fail(core::Code::internal, "The accounts were not made.");
  auto& context = instance.context();
  context.ledger.perform([&] {
    auto& administration = context.administration;
    std::int64_t now = context.clock.now_us();
    auto organisation = administration.add(access::NewOrganisation{options.name, "other", "red", options.identity, ""}, now);
    if (!organisation) {
      token = std::unexpected(organisation.error());
      return;
    }
    for (auto const& collection : kCollections) {
      auto added = administration.add(access::NewCollection{collection.title, collection.title, collection.description, "green"}, now);
      if (!added) {
        token = std::unexpected(added.error());
        return;
      }
    }
    token = administration.add(access::NewCredential{options.name, {"admin"}, "administrator", {}, {}, {}, {}, {}}, now);
  });
  return token;
}

}  // namespace

int init(Layout const& layout, InitOptions const& given) {
  namespace fs = std::filesystem;
  InitOptions options = given;
  std::error_code failed;
  if (fs::exists(layout.config()) || fs::exists(layout.database()))
    return report({core::Code::directory_in_use, layout.directory.string() + " holds an instance already.", "", "Choose another directory."});
  if (options.identity.empty()) options.identity = "identity--" + core::to_text(core::random_uuid());
  if (auto id = stix::Identifier::parse(options.identity); !id || id->type() != "identity")
    return report({core::Code::bad_parameter, "The identity is not identity--UUID.", "", "Leave it out to have one made."});
  std::string origin = options.host + "/log";
  base::ConfigSetting settings[] = {{"instance.name", options.name},     {"instance.host", options.host},
                                    {"instance.identity", options.identity}, {"instance.origin", origin},
                                    {"instance.demo", options.demo},     {"tls.certificate", std::string("certs/server.crt")},
                                    {"tls.key", std::string("certs/server.key")}};
  auto text = base::config_template(settings);
  if (!text) {
    for (auto const& mistake : text.error()) report(mistake);
    return 1;
  }
  auto config = base::parse_config(*text);
  if (!config) return report(config.error().front());
  for (auto const& folder : {layout.directory, layout.certificates(), layout.keys(), layout.run()}) {
    fs::create_directories(folder, failed);
    if (failed) return report({core::Code::io_failed, "Cannot make " + folder.string() + ": " + failed.message() + ".", "", ""});
    fs::permissions(folder, fs::perms::owner_all, failed);
  }
  if (auto made = write_certificates(layout.certificates(), options.name, options.host, base::SystemClock().now_us()); !made)
    return report(made.error());
  struct Secret {
    fs::path path;
    std::string text;
  };
  for (auto const& secret : {Secret{layout.cursor_key(), make_secret_key()}, Secret{layout.log_key(), make_signing_key(origin)},
                             Secret{layout.root_key(), make_signing_key(options.host + "/root")}})
    if (auto written = base::write_file(secret.path, secret.text, 0600); !written) return report(written.error());
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return report(lock.error());
  if (auto migrated = store::migrate_sqlite(layout.database()); !migrated) return report(migrated.error());
  auto instance = Instance::open(layout, *config);
  if (!instance) return report(instance.error());
  auto token = fill(**instance, options);
  if (!token) return report(token.error());
  if (auto written = base::write_file(layout.admin_token(), *token + "\n", 0600); !written) return report(written.error());
  // Last: a directory with this file is whole.
  if (auto written = base::write_file(layout.config(), *text, 0600); !written) return report(written.error());
  std::cout << "made " << layout.directory.string() << "\n"
            << "move " << layout.root_key().string() << " to a place that is not on this machine\n"
            << "serve with: tocsind serve --dir " << layout.directory.string() << '\n';
  return 0;
}

}  // namespace tocsin::app
