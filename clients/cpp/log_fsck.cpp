#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/log_check.hpp"
#include "clients/cpp/profile.hpp"
#include "clients/cpp/verification/named_key.hpp"
#include "clients/cpp/verification/steps.hpp"

namespace tocsin::client {
namespace {

// Where a log lies: on which server ("": the profile's), and below which path.
struct Place {
  std::string url, prefix;
};

Place place_of(std::string const& log) {
  constexpr std::string_view kScheme = "https://";
  if (!log.starts_with(kScheme)) return {"", "/log/" + log + "/"};
  auto const slash = std::min(log.find('/', kScheme.size()), log.size());
  std::string prefix = log.substr(slash);
  if (!prefix.ends_with('/')) prefix += '/';
  return {log.substr(0, slash), std::move(prefix)};
}

Outcome<std::optional<log::VerifierKey>> key_of(std::optional<std::string> const& text, log::KeyType type,
                                                char const* option) {
  if (!text) return std::nullopt;
  return named_key(*text, type, option);
}

void print(Console& console, LogReport const& report, bool keyed) {
  console.out << "origin  " << printable(report.checkpoint.origin) << "\nsize    " << report.checkpoint.size
              << "\nroot    " << core::to_base64(core::view(report.checkpoint.root)) << '\n';
  for (auto const& signer : report.signers) console.out << "signed  " << signer << '\n';
  if (report.cosigned_s) console.out << "time    " << second_text(*report.cosigned_s) << '\n';
  if (!keyed) console.out << "No signature was verified: give the log's public key with --vkey.\n";
  for (auto const& bundle : report.unpublished)
    console.out << "entries " << bundle << " is not published: something in it was lost or erased\n";
  for (auto const& finding : report.findings) console.out << "NOT OK  " << finding << '\n';
  if (report.findings.empty()) console.out << "ok\n";
}

nlohmann::json document(LogReport const& report) {
  nlohmann::json out{{"origin", report.checkpoint.origin},
                     {"size", report.checkpoint.size},
                     {"root", core::to_base64(core::view(report.checkpoint.root))},
                     {"signers", report.signers},
                     {"verified", report.verified},
                     {"cosigned", nullptr},
                     {"unpublished", report.unpublished},
                     {"findings", report.findings}};
  if (report.cosigned_s) out["cosigned"] = *report.cosigned_s;
  return out;
}

LogSource source_of(Session& session, std::string const& prefix) {
  return [&session, prefix](std::string const& path) -> Outcome<std::optional<std::string>> {
    auto answer = session.get(prefix + path, "*/*");
    if (answer) return std::move(answer->body);
    if (answer.error().exit == Exit::not_found) return std::nullopt;
    return std::unexpected(std::move(answer.error()));
  };
}

// Who names a log elsewhere is shown to it only as far as the same command says: a token in the environment, and what a
// profile has, are for another server.
Outcome<Profile> profile_for(Place const& place, GlobalOptions global, Environment const& environment) {
  if (place.url.empty()) return resolve_profile(global, environment);
  global.url = place.url;
  auto profile = resolve_profile(global, environment);
  if (profile && !global.token) profile->token.reset();
  if (profile && !global.certificate) profile->identity.reset();
  return profile;
}

}  // namespace

Outcome<Exit> check_log(Console& console, LogOptions const& options, GlobalOptions const& global,
                        Environment const& environment) {
  auto key = key_of(options.vkey, log::KeyType::signature, "--vkey");
  if (!key) return std::unexpected(std::move(key.error()));
  auto freshness = key_of(options.freshness, log::KeyType::cosignature, "--freshness");
  if (!freshness) return std::unexpected(std::move(freshness.error()));
  auto const place = place_of(options.log);
  auto profile = profile_for(place, global, environment);
  if (!profile) return std::unexpected(std::move(profile.error()));
  for (auto const& warning : profile->warnings) console.err << "tocsin: warning: " << warning << '\n';
  auto session = Session::open_as_anybody(*profile, real_pause());
  if (!session) return std::unexpected(std::move(session.error()));
  auto report = LogCheck(source_of(*session, place.prefix), *std::move(key), *std::move(freshness)).run();
  if (!report) return std::unexpected(std::move(report.error()));
  if (console.json)
    console.out << document(*report).dump() << '\n';
  else
    print(console, *report, options.vkey.has_value());
  return report->findings.empty() ? Exit::ok : Exit::server;
}

}  // namespace tocsin::client
