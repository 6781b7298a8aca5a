#include "server/app/peer_verbs.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "server/app/admin_call.hpp"
#include "server/app/table.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;

constexpr char kPeers[] = "/api/v1/admin/peers";
constexpr std::size_t kLongestPaste = 64 * 1024;

int ask(Layout const& layout, http::Method method, std::string const& path, json const& body, auto&& show) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto answer = admin_call(layout, *config, method, path, body);
  if (!answer) return report(answer.error());
  return show(*answer);
}

std::string text(json const& row, char const* name) { return row.at(name).get<std::string>(); }

std::string words(json const& list) {
  std::string out;
  for (auto const& item : list) out += (out.empty() ? "" : ",") + item.get<std::string>();
  return out.empty() ? "-" : out;
}

core::Result<std::string> paste_in(std::string const& file) {
  if (file != "-") return base::read_file(file, kLongestPaste);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

void print_agreement(json const& agreement) {
  if (agreement.is_null()) {
    std::cout << "agreement\tnone: nothing is agreed\n";
    return;
  }
  for (char const* key : {"direction", "max_tlp"}) std::cout << key << '\t' << text(agreement, key) << '\n';
  for (char const* key : {"identities", "collections", "audiences", "witnesses"})
    std::cout << key << '\t' << words(agreement.at(key)) << '\n';
  for (auto const& [marking, audience] : agreement.at("peer_audiences").items())
    std::cout << "peer_audience\t" << marking << ' ' << audience.get<std::string>() << '\n';
  std::cout << "party\t" << (text(agreement, "party").empty() ? "-" : text(agreement, "party")) << '\n';
  std::cout << "via\t" << (text(agreement, "via").empty() ? "-" : text(agreement, "via")) << "\nrelayed\t"
            << (agreement.at("relayed").get<bool>() ? "yes" : "no") << "\nrelays\t" << words(agreement.at("relays"))
            << '\n';
  for (char const* key : {"entries_per_hour", "mib_per_hour"})
    std::cout << key << '\t' << agreement.at(key).get<std::int64_t>() << '\n';
}

std::string text_or_none(json const& row, char const* name) {
  return row.at(name).is_null() ? "-" : row.at(name).get<std::string>();
}

void print_following(json const& following) {
  if (following.is_null()) return;
  std::cout << "following\t" << text(following, "state") << "\nerror\t" << text_or_none(following, "error")
            << "\nerror_since\t" << text_or_none(following, "error_since") << '\n';
  for (char const* key : {"verified", "applied", "lag", "control_verified", "control_applied", "refused", "recalled"})
    std::cout << key << '\t' << following.at(key).get<std::uint64_t>() << '\n';
  std::cout << "witnessed\t" << (following.at("witnessed").is_null() ? "-" : following.at("witnessed").dump()) << '\n';
  for (char const* key : {"verified_at", "fresh_at"}) std::cout << key << '\t' << text_or_none(following, key) << '\n';
  std::cout << "recall_alarm\t" << (following.at("recall_alarm").get<bool>() ? "yes" : "no") << '\n';
  std::cout << "stale\t" << (following.at("stale").get<bool>() ? "yes" : "no") << '\n';
  std::cout << "numberings\t" << following.at("numberings").get<std::uint64_t>() << "\nwithholds\t"
            << text_or_none(following, "withheld") << "\noutstanding\t"
            << (following.at("outstanding").is_null() ? "-" : following.at("outstanding").dump())
            << "\nunacknowledged\t" << text_or_none(following, "unacknowledged") << '\n';
}

void print_peer(json const& row) {
  for (char const* key : {"name", "state", "reason", "since", "added", "origin", "root", "fingerprint"})
    std::cout << key << '\t' << (text(row, key).empty() ? "-" : text(row, key)) << '\n';
  json const& manifest = row.at("manifest");
  std::cout << "manifest\tversion " << manifest.at("version").get<std::uint64_t>() << ", until "
            << text(manifest, "expires") << "\nurl\t" << text(manifest, "url") << "\nlog_key\t"
            << text(manifest, "log_key") << "\nwitness_key\t" << text(manifest, "witness_key") << "\napplied_key\t"
            << text(manifest, "applied_key") << "\ntls_pins\t" << words(manifest.at("tls_pins")) << "\nspeaks_for\t"
            << words(manifest.at("identities")) << '\n';
  print_agreement(row.at("agreement"));
  print_following(row.at("following"));
  std::cout << "contradictions\t" << row.at("contradictions").get<std::uint64_t>() << '\n';
  for (auto const& identity : row.at("unheard"))
    std::cout << "warning\tidentities names " << identity.get<std::string>()
              << ", by whom nothing came here: ask the peer whether anybody there is called so\n";
  for (auto const& mistake : row.at("mistakes")) std::cout << "mistake\t" << mistake.get<std::string>() << '\n';
}

}  // namespace

int peer_invite(Layout const& layout) {
  return ask(layout, http::Method::post, "/api/v1/admin/peer-invitations", json::object(), [](json const& answer) {
    std::cout << text(answer, "line") << '\n';
    std::cerr << "tocsind: It works once, until " << text(answer, "until")
              << ". Send it to the other side, for `tocsind peer accept`; what that prints comes back to you.\n";
    return 0;
  });
}

int peer_accept(Layout const& layout, std::string const& file, std::string const& name) {
  auto paste = paste_in(file);
  if (!paste) return report(paste.error());
  return ask(layout, http::Method::post, kPeers, {{"line", *paste}, {"name", name}}, [&](json const& answer) {
    std::string const peer = text(answer, "name");
    if (!answer.at("reply").is_null()) std::cout << text(answer, "reply") << '\n';
    std::cerr << "tocsind: " << peer << " is " << text(answer, "state") << ", its manifest has version "
              << answer.at("version").get<std::uint64_t>() << ". What is agreed stands in "
              << (layout.peers() / (peer + ".toml")).string() << ".\n";
    if (!answer.at("reply").is_null())
      std::cerr << "tocsind: Send the line above back to the inviter, for `tocsind peer accept`.\n";
    if (text(answer, "state") == "paused")
      std::cerr << "tocsind: Both sides see the same fingerprint, or somebody is between you. Read it to each other "
                   "over the telephone:\n  "
                << text(answer, "fingerprint") << "\nThen: tocsind peer resume " << peer << " --dir "
                << layout.directory.string() << '\n';
    return 0;
  });
}

int peer_list(Layout const& layout) {
  return ask(layout, http::Method::get, kPeers, json::object(), [](json const& answer) {
    TextRows rows;
    for (json const& row : answer.at("peers"))
      rows.push_back({text(row, "name"), text(row, "state"), text(row, "origin"),
                      row.at("manifest").at("version").dump(), text(row.at("manifest"), "expires"),
                      !row.at("mistakes").empty()     ? "mistakes"
                      : row.at("agreement").is_null() ? "none"
                                                      : "in force",
                      text(row, "reason").empty() ? "-" : text(row, "reason")});
    std::vector<std::string> const header{"NAME", "STATE", "ORIGIN", "MANIFEST", "EXPIRES", "AGREEMENT", "REASON"};
    std::cout << (::isatty(STDOUT_FILENO) == 1 ? table_for_people(header, rows) : table_for_programs(rows));
    return 0;
  });
}

int peer_show(Layout const& layout, std::string const& name) {
  return ask(layout, http::Method::get, kPeers, json::object(), [&](json const& answer) {
    auto const& rows = answer.at("peers");
    auto const row = std::ranges::find_if(rows, [&](json const& one) { return text(one, "name") == name; });
    if (row == rows.end())
      return report({core::Code::not_found, "There is no peer of that name.", "", "`tocsind peer list` shows them."});
    print_peer(*row);
    return 0;
  });
}

int peer_state(Layout const& layout, std::string const& name, std::string const& state, std::string const& reason) {
  return ask(layout, http::Method::post, std::string(kPeers) + "/" + name + "/state",
             {{"state", state}, {"reason", reason}}, [&](json const& answer) {
               std::cout << name << " is " << state << '\n';
               if (!answer.at("lifted").is_null())
                 std::cerr << "tocsind: Lifted: " << name << " was quarantined, as " << text(answer, "lifted")
                           << ". What shows it is kept: tocsind peer evidence " << name << '\n';
               return 0;
             });
}

int peer_evidence(Layout const& layout, std::string const& name, std::size_t number) {
  return ask(layout, http::Method::get, std::string(kPeers) + "/" + name + "/evidence", json::object(),
             [&](json const& answer) {
               auto const& all = answer.at("evidence");
               if (all.empty() || number > all.size())
                 return report({core::Code::not_found,
                                all.empty()       ? "Nothing was kept against a peer of that name."
                                : all.size() == 1 ? std::string("There is one file of evidence.")
                                                  : "There are " + std::to_string(all.size()) + " files of evidence.",
                                "", "`tocsind peer list` shows who is quarantined."});
               auto const place = number == 0 ? all.size() : number;
               json const& one = all.at(place - 1);
               std::cout << text(one, "text");
               std::cerr << "tocsind: " << place << " of " << all.size() << ": " << text(one, "log") << " is "
                         << text(one, "kind") << ", found at " << text(one, "found")
                         << (text(one, "kind") == "misrelayed"
                                 ? ". It holds what was handed on: show it to who logged that, and to nobody else.\n"
                                 : ". Whoever has the log's key can check it: tocsin verify FILE --vkey KEY\n");
               return 0;
             });
}

int peer_reload(Layout const& layout) {
  return ask(layout, http::Method::post, "/api/v1/admin/peer-agreements", json::object(), [](json const& answer) {
    int status = 0;
    for (json const& one : answer.at("agreements")) {
      bool const good = one.at("mistakes").empty();
      std::cout << text(one, "peer") << '\t'
                << (!good                          ? "mistakes: what was in force stays"
                    : one.at("agreed").get<bool>() ? "in force"
                                                   : "no file")
                << '\n';
      for (auto const& mistake : one.at("mistakes"))
        std::cerr << "tocsind: peers/" << text(one, "peer") << ".toml: " << mistake.get<std::string>() << '\n';
      if (!good) status = 1;
    }
    return status;
  });
}

}  // namespace tocsin::app
