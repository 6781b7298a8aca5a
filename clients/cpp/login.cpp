// Exchanges an invitation for a token, and keeps it as a profile. What could stand in the way here is looked at before,
// and the token's file is there: an invitation works once.
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/invitation.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/profile.hpp"
#include "server/base/files.hpp"

namespace tocsin::client {
namespace {

namespace fs = std::filesystem;

// Where a profile's parts go.
struct Places {
  fs::path profiles, token, authority;
};

constexpr std::size_t kTokenLength = 67;  // tocsin_, 16 digits, _, 43 characters

Outcome<void> write(fs::path const& file, std::string const& text, mode_t mode) {
  auto written = base::write_file(file, text, mode);
  if (!written) return fail(Exit::local, std::move(written.error()), "Make room, or mend what is in the way.");
  return {};
}

bool is_profile_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Outcome<Places> free_places(std::string const& name, Environment const& environment) {
  if (!is_profile_name(name))
    return fail(Exit::local, "A profile's name has letters, digits, - and _, at most 64 of them.", "Choose another.");
  auto const profiles = profile_file(environment);
  if (!profiles)
    return fail(Exit::local, "Neither XDG_CONFIG_HOME nor HOME says where profiles.toml is.", "Set one of them.");
  Places out{*profiles, profiles->parent_path() / (name + ".token"), profiles->parent_path() / (name + ".ca.crt")};
  auto known = has_profile(name, environment);
  if (!known) return std::unexpected(std::move(known.error()));
  std::error_code ignored;
  if (*known || fs::exists(out.token, ignored) || fs::exists(out.authority, ignored))
    return fail(
        Exit::local,
        "There is a profile " + name + " already, or files of one, in " + profiles->parent_path().string() + ".",
        "Give the new one another name with --profile; the invitation was not used.");
  return out;
}

// The folder, and in it the token's file with as many bytes as a token has. Until it holds one it is nobody's.
Outcome<void> prepare(Places const& places) {
  auto const folder = places.profiles.parent_path();
  std::error_code failed;
  if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return file_failure(folder.string(), "made", failed.value());
  return write(places.token, std::string(kTokenLength, ' ') + "\n", 0600);
}

Outcome<void> keep(Places const& places, std::string const& name, std::string const& url, std::string const& token,
                   std::string const& authority) {
  if (auto kept = write(places.token, token + "\n", 0600); !kept) return kept;
  if (!authority.empty())
    if (auto kept = write(places.authority, authority, 0644); !kept) return kept;
  std::string text;
  auto file = places.profiles;
  if (std::error_code ignored; fs::exists(file, ignored)) {
    file = fs::canonical(file, ignored);  // a link stays one
    auto before = read_file(file, file.string());
    if (!before) return std::unexpected(std::move(before.error()));
    text = std::move(*before);
    if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
  }
  text += "[" + name + "]\nurl = \"" + url + "\"\ntoken_file = \"" + places.token.filename().string() + "\"\n";
  if (!authority.empty()) text += "ca = \"" + places.authority.filename().string() + "\"\n";
  return write(file, text, 0600);
}

Outcome<std::string> line_of(LoginOptions const& options, std::istream& standard_input) {
  if (options.line == "-") return std::string(std::istreambuf_iterator<char>(standard_input), {});
  if (options.line.starts_with('@')) return read_file(options.line.substr(1), "The file " + options.line.substr(1));
  return options.line;
}

// The token, with the organisation whose it is.
Outcome<nlohmann::json> redeemed(http::Client& client, Invitation const& invitation) {
  http::ClientRequest request{.method = "POST",
                              .target = "/api/v1/login",
                              .headers = {{"Authorization", "Bearer " + invitation.token},
                                          {"Content-Type", std::string(kJson)},
                                          {"Accept", std::string(kJson)}},
                              .body = "{}"};
  auto answer = client.exchange(request);
  if (!answer) return fail(Exit::server, std::move(answer.error()), std::string(kWhichServer));
  if (answer->status == 401)
    return fail(Exit::unauthorised, "The server knows no such invitation, or it was used, or its day is over.",
                "Ask your operator for a new one.");
  if (answer->status != 201) return std::unexpected(http_failure(*answer, "The invitation"));
  auto document = nlohmann::json::parse(answer->body, nullptr, false);
  if (text_or(document, "token").empty())
    return fail(Exit::server, "The server's answer holds no token.", std::string(kWhichServer));
  return document;
}

}  // namespace

Outcome<Exit> login(Console& console, LoginOptions const& options, Environment const& environment) {
  auto line = line_of(options, console.in);
  if (!line) return std::unexpected(std::move(line.error()));
  auto invitation = parse_invitation(*line);
  if (!invitation) return std::unexpected(std::move(invitation.error()));
  auto places = free_places(options.profile, environment);
  if (!places) return std::unexpected(std::move(places.error()));
  if (auto ready = prepare(*places); !ready) return std::unexpected(std::move(ready.error()));
  http::ClientOptions trust;
  trust.authority = invitation->authority;
  auto client = http::Client::https(invitation->url, trust);
  if (!client) return fail(Exit::local, std::move(client.error()), std::string(kWhichServer));
  auto document = redeemed(*client, *invitation);
  if (!document) {
    std::error_code ignored;
    fs::remove(places->token, ignored);
    return std::unexpected(std::move(document.error()));
  }
  auto kept = keep(*places, options.profile, invitation->url, text_or(*document, "token"), client->authority());
  if (!kept) {
    kept.error().message += " The invitation is used; what could be kept of it is in " + places->token.string() + ".";
    return std::unexpected(std::move(kept.error()));
  }
  auto const organisation = text_or(*document, "organisation");
  if (console.json)
    console.out << nlohmann::json{{"profile", options.profile},
                                  {"organisation", organisation},
                                  {"file", places->profiles.string()}}
                       .dump()
                << '\n';
  else
    console.out << "Logged in as " << printable(organisation) << ": profile " << options.profile << " in "
                << places->profiles.string() << ".\nSee what the server takes you for: tocsin whoami"
                << (options.profile == "default" ? "" : " --profile " + options.profile) << '\n';
  return Exit::ok;
}

}  // namespace tocsin::client
