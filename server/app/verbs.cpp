#include "server/app/verbs.hpp"

#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "schema/core/counted.hpp"
#include "server/app/admin_call.hpp"
#include "server/app/audit_check.hpp"
#include "server/app/credential_body.hpp"
#include "server/app/log_check.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/seal.hpp"
#include "server/app/table.hpp"
#include "server/base/files.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;
constexpr std::string_view kAdmin = "/api/v1/admin/";

// One call of the administration; `show` gets the answer's document.
int ask(Layout const& layout, http::Method method, std::string const& path, json const& body, auto&& show,
        std::string const& token = "") {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto answer = admin_call(layout, *config, method, std::string(kAdmin) + path, body, token);
  if (!answer) return report(answer.error());
  show(*answer);
  return 0;
}

void print_table(std::vector<std::string> const& header, TextRows const& rows) {
  std::cout << (::isatty(STDOUT_FILENO) == 1 ? table_for_people(header, rows) : table_for_programs(rows));
}

std::string text_or_dash(json const& value) {
  return value.is_string() && !value.get<std::string>().empty() ? value.get<std::string>() : "-";
}

std::string words_or_dash(json const& list) {
  std::string out;
  for (auto const& item : list) out += (out.empty() ? "" : ",") + item.get<std::string>();
  return out.empty() ? "-" : out;
}

std::string text(json const& row, char const* name) { return row.at(name).get<std::string>(); }

// Who speaks at a peer is let in there: nobody enables it here.
std::string state_of(json const& organisation) {
  auto const peer = organisation.value("origin", std::string());
  if (!peer.empty() && peer != text(organisation, "name")) return "at " + peer;
  return organisation.at("disabled").get<bool>() ? "disabled" : "active";
}

// What every credential has, and `special` to its kind.
std::vector<std::string> credential_row(json const& row, std::string special) {
  return {text(row, "id"),
          text(row, "organisation"),
          words_or_dash(row.at("roles")),
          text_or_dash(row.at("label")),
          text_or_dash(row.at("expires")),
          std::move(special),
          text(row, "state"),
          text_or_dash(row.at("max_tlp")),
          words_or_dash(row.at("networks")),
          words_or_dash(row.at("collections")),
          words_or_dash(row.at("kinds")),
          text_or_dash(row.at("person"))};
}

// What is no finding: whether it may be served, and what a restore would find.
void say_how_it_stands(Layout const& layout, base::Config const& config, store::LogStore& logs) {
  auto why = why_sealed(layout, config, logs);
  if (!why)
    std::cout << "sealed\tunknown: " << why.error().detail << '\n';
  else if (*why)
    std::cout << "sealed\t" << (*why)->detail << ' ' << (*why)->remedy << '\n';
  auto last = base::read_file(layout.last_backup(), 8'192);
  std::cout << "backup\t" << (last ? *last : "none was made here\n");
}

// False: something is amiss, and was said. Errors: those of the store.
core::Result<bool> check_trail(Layout const& layout, store::Database& database) {
  auto known = known_audit_roots(layout, {});  // before the trail, which may grow meanwhile
  std::size_t compared = known ? known->size() : 0;
  auto verdict = check_audit_trail(database, known ? *known : std::vector<ledger::KnownRoot>());
  if (!verdict) return std::unexpected(verdict.error());
  if (!known) verdict->findings.push_back(known.error().detail);
  return say_audit_verdict(*verdict, compared);
}

}  // namespace

int report(core::Error const& error) {
  std::cerr << "tocsind: " << error.detail << (error.remedy.empty() ? "" : " " + error.remedy) << '\n';
  return 1;
}

std::optional<base::Config> config_or_report(Layout const& layout) {
  auto config = load_config(layout);
  if (config) return *std::move(config);
  for (core::Error mistake : config.error()) {
    if (mistake.code == core::Code::config_invalid) {
      bool line = mistake.detail.starts_with("Line ");
      mistake.detail = layout.config().string() + (line ? ", line " + mistake.detail.substr(5) : ": " + mistake.detail);
    }
    report(mistake);
  }
  return std::nullopt;
}

int organisation_add(Layout const& layout, access::NewOrganisation const& given) {
  json body{{"name", given.name},
            {"type", given.type},
            {"clearance", given.clearance},
            {"identity", given.identity},
            {"authority", given.authority}};
  return ask(layout, http::Method::post, "organisations", body, [&](json const& row) {
    std::cout << text(row, "identity") << '\n';
    if (given.type == "government" && given.authority.empty())
      std::cerr
          << "tocsind: Note: " << given.name
          << " has no --authority. From AMBER up a government may see only what is releasable to its authority.\n";
  });
}

int organisation_list(Layout const& layout) {
  return ask(layout, http::Method::get, "organisations", {}, [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("organisations"))
      rows.push_back({text(row, "name"), text(row, "type"), text(row, "clearance"), text(row, "identity"),
                      text_or_dash(row.at("authority")), state_of(row), text_or_dash(row.at("standing"))});
    print_table({"NAME", "TYPE", "CLEARANCE", "IDENTITY", "AUTHORITY", "STATE", "STANDING"}, rows);
  });
}

int organisation_disable(Layout const& layout, std::string const& name, bool disabled) {
  return ask(layout, http::Method::post, "organisations/" + name + (disabled ? "/disable" : "/enable"), json::object(),
             [&](json const&) { std::cout << name << (disabled ? " is disabled\n" : " is enabled\n"); });
}

int organisation_standing(Layout const& layout, std::string const& name, std::string const& standing) {
  return ask(layout, http::Method::post, "organisations/" + name + "/standing", json{{"standing", standing}},
             [&](json const&) { std::cout << name << " is " << (standing.empty() ? "as others" : standing) << '\n'; });
}

int credential_add(Layout const& layout, access::NewCredential const& given) {
  return ask(layout, http::Method::post, "credentials", credential_body(given), [&](json const& answer) {
    std::cout << text(answer, given.certificate ? "id" : "token") << '\n';
    for (auto const& remark : answer.value("remarks", json::array()))
      std::cerr << "tocsind: Note: " << remark.get<std::string>() << '\n';
  });
}

int credential_list(Layout const& layout) {
  return ask(layout, http::Method::get, "credentials", {}, [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("credentials"))
      if (row.at("certificate").is_null()) rows.push_back(credential_row(row, text(row, "dialect")));
    print_table({"ID", "ORGANISATION", "ROLES", "LABEL", "EXPIRES", "DIALECT", "STATE", "MAX TLP", "FROM",
                 "COLLECTIONS", "KINDS", "PERSON"},
                rows);
  });
}

int certificate_list(Layout const& layout) {
  json denied;
  int status = ask(layout, http::Method::get, "denied-pins", {}, [&](json const& answer) { denied = answer; });
  if (status != 0) return status;
  return ask(layout, http::Method::get, "credentials", {}, [&](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("credentials"))
      if (!row.at("certificate").is_null()) rows.push_back(credential_row(row, text(row, "certificate")));
    for (json const& pin : denied.at("denied_pins"))
      rows.push_back({"-", "-", "-", "-", "-", "pin:" + pin.get<std::string>(), "denied", "-", "-", "-", "-", "-"});
    print_table({"ID", "ORGANISATION", "ROLES", "LABEL", "EXPIRES", "CERTIFICATE", "STATE", "MAX TLP", "FROM",
                 "COLLECTIONS", "KINDS", "PERSON"},
                rows);
  });
}

int certificate_deny(Layout const& layout, std::string const& pin) {
  return ask(layout, http::Method::post, "denied-pins", json{{"pin", pin}},
             [&](json const& answer) { std::cout << text(answer, "pin") << " is denied\n"; });
}

int credential_revoke(Layout const& layout, std::string const& id) {
  return ask(layout, http::Method::post, "credentials/" + id + "/revoke", json::object(),
             [&](json const&) { std::cout << id << " is revoked\n"; });
}

int collection_add(Layout const& layout, access::NewCollection const& given) {
  json body{{"title", given.title},
            {"alias", given.alias},
            {"description", given.description},
            {"default_tlp", given.default_tlp}};
  return ask(layout, http::Method::post, "collections", body,
             [](json const& row) { std::cout << text(row, "id") << '\n'; });
}

int collection_list(Layout const& layout) {
  return ask(layout, http::Method::get, "collections", {}, [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("collections"))
      rows.push_back(
          {text(row, "id"), text(row, "alias"), text(row, "title"), text(row, "default_tlp"), text(row, "moderation")});
    print_table({"ID", "ALIAS", "TITLE", "DEFAULT TLP", "MODERATION"}, rows);
  });
}

int collection_moderate(Layout const& layout, std::string const& name, std::string const& moderation) {
  return ask(layout, http::Method::post, "collections/" + name + "/moderation", json{{"moderation", moderation}},
             [&](json const&) { std::cout << name << ": " << moderation << '\n'; });
}

int audience_add(Layout const& layout, access::NewAudience const& given) {
  json body{{"name", given.name}, {"members", given.members}, {"releasable_to", given.releasable_to}};
  return ask(layout, http::Method::post, "audiences", body,
             [](json const& row) { std::cout << text(row, "marking") << '\n'; });
}

int audience_list(Layout const& layout) {
  return ask(layout, http::Method::get, "audiences", {}, [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("audiences")) {
      std::string waiting;
      for (json const& proposal : row.at("proposals"))
        waiting += (waiting.empty() ? "" : ",") + text(proposal, "organisation") + "=" + text(proposal, "id");
      rows.push_back({text(row, "name"), text(row, "marking"), words_or_dash(row.at("members")),
                      words_or_dash(row.at("releasable_to")), row.at("epoch").dump(), waiting.empty() ? "-" : waiting});
    }
    print_table({"NAME", "MARKING", "MEMBERS", "RELEASABLE TO", "EPOCH", "PROPOSED"}, rows);
  });
}

int audience_member(Layout const& layout, MemberChange const& change) {
  std::string path = "audiences/" + change.audience;
  if (!change.remove.empty())
    return ask(layout, http::Method::post, path + "/remove", {{"organisation", change.remove}}, [&](json const&) {
      std::cout << change.remove << " sees nothing of " << change.audience << " any more\n";
    });
  return ask(layout, http::Method::post, path + "/members", {{"organisation", change.add}}, [&](json const& answer) {
    std::cout << text(answer, "proposal") << '\n';
    std::cerr << "tocsind: " << change.add << " is proposed. Another administrator approves it within 72 hours: "
              << "tocsind audience approve " << text(answer, "proposal") << " --dir " << layout.directory.string()
              << " --token @FILE\n";
  });
}

int audience_approve(Layout const& layout, std::string const& proposal, std::string const& token) {
  core::Result<std::string> secret = token;
  if (token.starts_with('@')) secret = base::read_file(token.substr(1), 1'024);
  if (!secret) return report(secret.error());
  while (secret->ends_with('\n')) secret->pop_back();
  return ask(
      layout, http::Method::post, "audience-proposals/" + proposal + "/approve", json::object(),
      [&](json const&) { std::cout << proposal << " is approved\n"; }, *secret);
}

int erase_object(Layout const& layout, std::string const& organisation, std::string const& object) {
  return ask(
      layout, http::Method::post, "erasures", {{"organisation", organisation}, {"object", object}},
      [&](json const& answer) {
        auto versions = answer.at("versions").get<std::uint64_t>(), leaves = answer.at("leaves").get<std::uint64_t>();
        std::cout << core::counted(versions, "version is", "versions are") << " erased; the log keeps "
                  << core::counted(leaves, "leaf", "leaves") << '\n';
        if (!answer.at("log_emptied").get<bool>())
          std::cerr << "tocsind: Something reads the database for long (a backup, a check): the file next to "
                       "it, tocsin.db-wal, still holds the content. Stop the server when that is done, and start "
                       "it again.\n";
        std::cerr << "tocsind: Backups that were made before still hold the content: remove them.\n";
      });
}

int retention_list(Layout const& layout) {
  return ask(layout, http::Method::get, "retention", {}, [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("rules"))
      rows.push_back({text(row, "rule"), row.at("days").is_null() ? "-" : row.at("days").dump(), row.at("due").dump(),
                      text_or_dash(row.at("oldest"))});
    print_table({"RULE", "DAYS", "DUE", "OLDEST"}, rows);
  });
}

int migrate(Layout const& layout, bool status_only) {
  if (!config_or_report(layout)) return 1;
  if (auto there = require_database(layout); !there) return report(there.error());
  if (!status_only) {
    auto lock = base::DirectoryLock::acquire(layout.lock());
    if (!lock) return report(lock.error());
    if (auto done = store::migrate_sqlite(layout.database()); !done) return report(of_database(layout, done.error()));
  }
  auto migrations = store::sqlite_migrations(layout.database());
  if (!migrations) return report(of_database(layout, migrations.error()));
  for (auto const& migration : *migrations)
    std::cout << migration.name << '\t' << (migration.applied ? "applied" : "pending") << '\n';
  return 0;
}

int check(Layout const& layout) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  if (auto there = require_database(layout); !there) return report(there.error());
  auto failed = [&](core::Error const& error) { return report(of_database(layout, error)); };
  auto database = store::open_sqlite({layout.database(), 64});
  if (!database) return failed(database.error());
  auto logs = store::open_sqlite_log(layout.database());
  if (!logs) return failed(logs.error());
  auto findings = (*logs)->integrity();
  if (!findings) return failed(findings.error());
  std::optional<log::VerifierKey> root_key;  // without it, a declaration of loss is a finding
  if (auto read = read_root_verifier(layout); read) root_key = *std::move(read);
  auto signed_before = compare_with_signed(layout, *config, **logs);
  if (!signed_before) return failed(signed_before.error());
  auto verdict = ledger::verify_log(**logs, root_key);
  if (!verdict) return failed(verdict.error());
  say_how_it_stands(layout, *config, **logs);
  if (auto key = read_signer(layout.log_key()); key && verdict->key && key->verifier() != *verdict->key)
    verdict->findings.push_back("the control log names another key than " + layout.log_key().string());
  for (auto const& finding : *findings) std::cout << "database\t" << finding << '\n';
  verdict->findings.insert(verdict->findings.end(), signed_before->begin(), signed_before->end());
  for (auto const& finding : verdict->findings) std::cout << "log\t" << finding << '\n';
  std::cout << "log\tsize " << verdict->size << ", root " << core::to_base64(core::view(verdict->root)) << '\n';
  say_log_keys(layout);
  auto trail = check_trail(layout, **database);
  if (!trail) return failed(trail.error());
  if (std::filesystem::exists(layout.root_key()))
    std::cout << "keys\tthe root key is still at " << layout.root_key().string()
              << ": move it to a place that is not on this machine\n";
  bool good = findings->empty() && verdict->findings.empty() && *trail;
  std::cout << (good ? "ok\n" : "NOT OK\n");
  return good ? 0 : 1;
}

}  // namespace tocsin::app
