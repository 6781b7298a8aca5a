// Planting: secret and salt are on disk here before the commitment leaves, so that nothing that is shared can ever lack
// what opens it.
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/canary/vault.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"
#include "schema/core/digest.hpp"
#include "schema/kinds/canary_commitment.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/base/clock.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

Outcome<std::string> read_secret(Console& console, std::string const& file) {
  std::string secret;
  auto const take = [&](std::string_view piece) -> Outcome<void> {
    if (secret.size() + piece.size() > kMaxSecret)
      return fail(Exit::local, "What is planted has 16 MiB at most.", "Plant a digest of it: sha256sum FILE");
    secret += piece;
    return {};
  };
  auto const read = file == "-" ? read_pieces(console.in, take) : read_pieces(file, file, take);
  if (!read) return std::unexpected(read.error());
  if (secret.empty()) return fail(Exit::local, "What is planted is empty.", "Name a file that holds it.");
  return secret;
}

// What the server says of it, when it does not take it.
Exit refused(Console& console, json const& item, std::filesystem::path const& kept) {
  for (auto const& finding : list_or_empty(item, "findings"))
    console.err << "refused: "
                << printable(text_or(finding, "code") + ": " + text_or(finding, "detail") + " " +
                             text_or(finding, "remedy"))
                << '\n';
  console.err << "nothing was shared; the secret is kept in " << kept.string() << '\n';
  return Exit::refused;
}

struct Taken {
  std::string id;
  bool waits = false;
};

// Where an analyst looks first, what is sent again takes the place of what waits, under another id.
void print(Console& console, Planted const& planted, Taken const& taken, std::filesystem::path const& kept) {
  bool const replaced = planted.indicator && *planted.indicator != taken.id;
  if (console.json) {
    json out{{"id", taken.id}, {"commitment", planted.commitment}, {"vault", kept.string()}};
    if (taken.waits) out["waiting"] = true;
    if (replaced) out["instead_of"] = *planted.indicator;
    console.out << out.dump() << '\n';
    return;
  }
  console.out << printable(taken.id) << "  " << planted.commitment << '\n';
  if (replaced) console.out << "in the place of " << printable(*planted.indicator) << '\n';
  if (taken.waits) console.out << "not shared yet: it waits for an analyst of the instance: tocsin waiting list\n";
  console.out << "secret and salt, which nobody else has: " << kept.string() << '\n';
}

Outcome<Exit> send(Session& session, Console& console, Vault const& vault, Planted const& planted) {
  Target target("/api/v1/indicators");
  for (auto const& [name, value] : planted.said) target.with(name, value);
  auto const answer =
      post_json(session, target.text(),
                {{"kind", "canary"}, {"scheme", kinds::kSaltedSha256}, {"commitment", planted.commitment}});
  auto const file = vault.file_of(planted.commitment);
  if (!answer) {
    console.err << "the secret is kept in " << file.string() << "; to share the canary once more: tocsin canary again "
                << planted.commitment << '\n';
    return std::unexpected(answer.error());
  }
  auto const& items = list_or_empty(*answer, "items");
  if (items.size() != 1)
    return fail(Exit::server, "The server's answer does not tell the fate of the canary.", kWhichServer);
  auto const id = text_or(items.front(), "id");
  if (number_or(*answer, "refused", 0) > 0 || id.empty()) return refused(console, items.front(), file);
  bool const waits = text_or(items.front(), "outcome") == "waiting";
  if (auto noted = vault.note_indicator(planted.commitment, id, waits); !noted) return std::unexpected(noted.error());
  print(console, planted, {id, waits}, file);
  return Exit::ok;
}

std::string said_or(Planted const& planted, std::string_view name, std::string otherwise) {
  for (auto const& [said, value] : planted.said)
    if (said == name) return value;
  return otherwise;
}

}  // namespace

Outcome<Exit> plant_canary(Session& session, Console& console, CanaryOptions const& options,
                           Environment const& environment) {
  auto const vault = Vault::of(environment);
  if (!vault) return std::unexpected(vault.error());
  auto secret = read_secret(console, options.subject);
  if (!secret) return std::unexpected(std::move(secret.error()));
  auto const salt = core::random_salt();
  Planted planted{.commitment = core::to_hex(core::view(kinds::canary_commitment(salt, *secret))),
                  .salt = salt,
                  .secret = *std::move(secret),
                  .server = session.origin(),
                  .at = stix::Timestamp::from_microseconds(base::SystemClock().now_us()).text_microseconds(),
                  .said = options.said};
  if (auto kept = vault->keep(planted); !kept) return std::unexpected(kept.error());
  return send(session, console, *vault, planted);
}

// What was planted and perhaps not shared. Sharing it twice is harmless: a commitment is one indicator.
Outcome<Exit> share_canary_again(Session& session, Console& console, CanaryOptions const& options,
                                 Environment const& environment) {
  auto const vault = Vault::of(environment);
  if (!vault) return std::unexpected(vault.error());
  auto planted = vault->find(options.subject);
  if (!planted) return std::unexpected(std::move(planted.error()));
  if (planted->server != session.origin())
    return fail(Exit::local,
                "This canary was planted for " + planted->server + ", and not for " + session.origin() + ".",
                "Name that server with --url or --profile.");
  for (auto const& [name, value] : options.said) {
    std::erase_if(planted->said, [&](auto const& before) { return before.first == name; });
    planted->said.emplace_back(name, value);
  }
  return send(session, console, *vault, *planted);
}

Outcome<Exit> list_canaries(Console& console, Environment const& environment) {
  auto const vault = Vault::of(environment);
  if (!vault) return std::unexpected(vault.error());
  auto const kept = vault->all();
  if (!kept) return std::unexpected(kept.error());
  json listed = json::array(), damaged = json::array();
  for (auto const& one : kept->whole) {
    auto const type = said_or(one, "canary_type", "");
    listed.push_back(
        {{"commitment", one.commitment}, {"canary_type", type}, {"planted", one.at}, {"server", one.server}});
    if (one.indicator) listed.back()["id"] = *one.indicator;
    if (one.waits) listed.back()["waiting"] = true;
    if (!console.json)
      console.out << one.commitment << "  " << printable(type) << "  " << printable(one.at) << "  "
                  << printable(one.server) << "  " << printable(one.indicator.value_or("not shared"))
                  << (one.waits ? "  left for an analyst: tocsin waiting list" : "") << '\n';
  }
  for (auto const& one : kept->damaged) {
    damaged.push_back(one.file.string());
    console.err << one.why.message << ' ' << one.why.remedy << '\n';
  }
  if (console.json) {
    json out{{"canaries", std::move(listed)}};
    if (!damaged.empty()) out["damaged"] = std::move(damaged);
    console.out << out.dump() << '\n';
  } else if (kept->whole.empty() && kept->damaged.empty()) {
    console.err << "no canary was planted from here\n";
  }
  return kept->damaged.empty() ? Exit::ok : Exit::local;
}

}  // namespace tocsin::client
