#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/canary/bundle.hpp"
#include "clients/cpp/canary/vault.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

// The proof of the newest version; nothing when that is in no log.
Outcome<std::optional<std::string>> fetch_proof(Session& session, std::string const& indicator) {
  auto const path = "/api/v1/indicators/" + encoded(indicator) + "/proof";
  auto response = session.exchange(
      {.method = "GET", .target = path, .headers = {{"Accept", "text/plain, application/problem+json"}}, .body = {}});
  if (!response) return std::unexpected(std::move(response.error()));
  if (response->status == 200) return std::move(response->body);
  auto const said = stix::parse_json(response->body);
  if (said && said->is_object() && text_or(*said, "code") == "not-logged") return std::nullopt;
  return std::unexpected(http_failure(*response, path));
}

// What is handed out is looked at first, as far as that takes no key.
Outcome<void> check(RevealedCanary const& canary) {
  auto const steps = verify_canary(canary, {});
  if (!steps) return fail(Exit::server, steps.error().detail, kWhichServer);
  for (auto const& step : *steps)
    if (step.result == Step::Result::fails)
      return fail(Exit::server, "The server's proof does not hold: " + step.what + ": " + step.detail + ".",
                  "Nothing was written. Tell the operator of the instance.");
  return {};
}

}  // namespace

Outcome<Exit> reveal_canary(Session& session, Console& console, CanaryOptions const& options,
                            Environment const& environment) {
  auto const vault = Vault::of(environment);
  if (!vault) return std::unexpected(vault.error());
  auto const planted = vault->find(options.subject);
  if (!planted) return std::unexpected(planted.error());
  if (!planted->indicator)
    return fail(Exit::local, "This canary was never shared.", "Share it: tocsin canary again " + planted->commitment);
  auto proof = fetch_proof(session, *planted->indicator);
  if (!proof && proof.error().exit == Exit::not_found && planted->waits)
    proof.error().remedy =
        "It was left for an analyst, who has not published it, or has refused it: tocsin waiting list";
  if (!proof) return std::unexpected(std::move(proof.error()));
  RevealedCanary const canary{planted->commitment, planted->salt, planted->secret, *planted->indicator,
                              *std::move(proof)};
  if (auto checked = check(canary); !checked) return std::unexpected(checked.error());
  auto file = OutputFile::create(*options.to);
  if (!file) return std::unexpected(std::move(file.error()));
  file->stream() << canary.text();
  if (auto written = file->commit(); !written) return std::unexpected(std::move(written.error()));
  if (!canary.proof)
    console.err << "the canary is in no log: the file shows what was committed to, and not when it was shared\n";
  if (console.json)
    console.out
        << nlohmann::json{{"file", *options.to}, {"id", canary.indicator}, {"logged", canary.proof.has_value()}}.dump()
        << '\n';
  else
    console.out << "revealed in " << *options.to << "; whoever has it looks at it with: tocsin verify " << *options.to
                << '\n';
  return Exit::ok;
}

}  // namespace tocsin::client
