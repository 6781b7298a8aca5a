#include "server/app/verbs.hpp"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server/app/admin_call.hpp"
#include "server/base/files.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;
constexpr auto kAdmin = "/api/v1/admin/";

int print(core::Result<json> const& answer, auto&& show) {
  if (!answer) return report(answer.error());
  show(*answer);
  return 0;
}

std::string words(json const& list) {
  std::string out;
  for (auto const& item : list) out += (out.empty() ? "" : ",") + item.get<std::string>();
  return out;
}

std::string text_or_dash(json const& value) { return value.is_string() && !value.get<std::string>().empty() ? value.get<std::string>() : "-"; }

}  // namespace

int report(core::Error const& error) {
  std::cerr << "tocsind: " << error.detail << (error.remedy.empty() ? "" : " " + error.remedy) << '\n';
  return 1;
}

int organisation_add(Layout const& layout, access::NewOrganisation const& given) {
  json body{{"name", given.name}, {"type", given.type}, {"clearance", given.clearance}, {"identity", given.identity}, {"authority", given.authority}};
  return print(admin_call(layout, http::Method::post, std::string(kAdmin) + "organisations", body),
               [](json const& row) { std::cout << row.at("identity").get<std::string>() << '\n'; });
}

int organisation_list(Layout const& layout) {
  return print(admin_call(layout, http::Method::get, std::string(kAdmin) + "organisations", {}), [](json const& answer) {
    for (json const& row : answer.at("organisations"))
      std::cout << row.at("name").get<std::string>() << '\t' << row.at("type").get<std::string>() << '\t'
                << row.at("clearance").get<std::string>() << '\t' << row.at("identity").get<std::string>() << '\t'
                << text_or_dash(row.at("authority")) << '\t' << (row.at("disabled").get<bool>() ? "disabled" : "active") << '\n';
  });
}

int organisation_disable(Layout const& layout, std::string const& name) {
  return print(admin_call(layout, http::Method::post, std::string(kAdmin) + "organisations/" + name + "/disable", json::object()),
               [&](json const&) { std::cout << name << " is disabled\n"; });
}

int credential_add(Layout const& layout, access::NewCredential const& given) {
  json body{{"organisation", given.organisation}, {"roles", given.roles},       {"label", given.label},
            {"networks", given.networks},         {"collections", given.collections}, {"kinds", given.kinds},
            {"dialect", given.dialect}};
  if (given.expires) body["expires"] = *given.expires;
  if (given.max_tlp) body["max_tlp"] = *given.max_tlp;
  return print(admin_call(layout, http::Method::post, std::string(kAdmin) + "credentials", body),
               [](json const& answer) { std::cout << answer.at("token").get<std::string>() << '\n'; });
}

int credential_list(Layout const& layout) {
  return print(admin_call(layout, http::Method::get, std::string(kAdmin) + "credentials", {}), [](json const& answer) {
    for (json const& row : answer.at("credentials"))
      std::cout << row.at("id").get<std::string>() << '\t' << row.at("organisation").get<std::string>() << '\t' << words(row.at("roles"))
                << '\t' << text_or_dash(row.at("label")) << '\t' << text_or_dash(row.at("expires")) << '\t'
                << row.at("dialect").get<std::string>() << '\t'
                << (row.at("revoked").is_null() ? "active" : "revoked") << '\n';
  });
}

int credential_revoke(Layout const& layout, std::string const& id) {
  return print(admin_call(layout, http::Method::post, std::string(kAdmin) + "credentials/" + id + "/revoke", json::object()),
               [&](json const&) { std::cout << id << " is revoked\n"; });
}

int collection_add(Layout const& layout, access::NewCollection const& given) {
  json body{{"title", given.title}, {"alias", given.alias}, {"description", given.description}, {"default_tlp", given.default_tlp}};
  return print(admin_call(layout, http::Method::post, std::string(kAdmin) + "collections", body),
               [](json const& row) { std::cout << row.at("id").get<std::string>() << '\n'; });
}

int collection_list(Layout const& layout) {
  return print(admin_call(layout, http::Method::get, std::string(kAdmin) + "collections", {}), [](json const& answer) {
    for (json const& row : answer.at("collections"))
      std::cout << row.at("id").get<std::string>() << '\t' << row.at("alias").get<std::string>() << '\t'
                << row.at("title").get<std::string>() << '\t' << row.at("default_tlp").get<std::string>() << '\n';
  });
}

int migrate(Layout const& layout, bool status_only) {
  if (auto config = load_config(layout); !config) return report(config.error().front());
  if (!status_only) {
    auto lock = base::DirectoryLock::acquire(layout.lock());
    if (!lock) return report(lock.error());
    auto done = store::migrate_sqlite(layout.database());
    if (!done) return report(done.error());
  }
  auto migrations = store::sqlite_migrations(layout.database());
  if (!migrations) return report(migrations.error());
  for (auto const& migration : *migrations) std::cout << migration.name << '\t' << (migration.applied ? "applied" : "pending") << '\n';
  return 0;
}

int check(Layout const& layout) {
  auto config = load_config(layout);
  if (!config) return report(config.error().front());
  auto database = store::open_sqlite({layout.database(), 64});
  if (!database) return report(database.error());
  auto logs = (*database)->open_log();
  if (!logs) return report(logs.error());
  auto findings = (*logs)->integrity();
  if (!findings) return report(findings.error());
  auto verdict = ledger::verify_log(**logs);
  if (!verdict) return report(verdict.error());
  for (auto const& finding : *findings) std::cout << "database\t" << finding << '\n';
  for (auto const& finding : verdict->findings) std::cout << "log\t" << finding << '\n';
  std::cout << "log\tsize " << verdict->size << ", root " << core::to_base64(core::view(verdict->root)) << '\n';
  if (std::filesystem::exists(layout.root_key()))
    std::cout << "keys\tthe root key is still at " << layout.root_key().string() << ": move it to a place that is not on this machine\n";
  bool good = findings->empty() && verdict->findings.empty();
  std::cout << (good ? "ok\n" : "NOT OK\n");
  return good ? 0 : 1;
}

}  // namespace tocsin::app
