// Which server to talk to, and as whom: options, environment and profile file. Reads files; one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "server/http/client.hpp"

namespace tocsin::client {

// The options that every command has.
struct GlobalOptions {
  std::optional<std::string> url;
  std::optional<std::string> token;  // or @FILE
  std::optional<std::string> ca;
  std::optional<std::string> certificate{}, key{};
  std::optional<std::string> profile;
};

// The value of an environment variable, if set and not empty.
using Environment = std::function<std::optional<std::string>(std::string const&)>;

struct Profile {
  std::string url;
  std::optional<std::string> token;  // printable ASCII without spaces
  std::optional<std::filesystem::path> ca;
  std::optional<http::ClientIdentity> identity;
  std::vector<std::string> warnings;  // sentences: a secret that others can read
};

// Each of url, token, ca, cert and key is taken from the first of: the option; the profile named with --profile; the
// environment; the profile named "default". The last is read only when no option and no variable gives a URL, so that a
// stored token never goes to a server it was not stored for. Paths in the file are relative to it; ~/ is the home
// directory.
[[nodiscard]] Outcome<Profile> resolve_profile(GlobalOptions const& options, Environment const& environment);

// Whether profiles.toml has a profile of that name. Failure: Exit::local, when the file cannot be read.
[[nodiscard]] Outcome<bool> has_profile(std::string const& name, Environment const& environment);

// `log_key` of the profile named with --profile, else of "default": the public key of the instance's log, or @FILE that
// holds it. Failures: as resolve_profile.
[[nodiscard]] Outcome<std::optional<std::string>> pinned_log_key(GlobalOptions const& options,
                                                                 Environment const& environment);

// $XDG_CONFIG_HOME/tocsin/profiles.toml, else ~/.config/tocsin/profiles.toml; nothing when neither variable is set.
[[nodiscard]] std::optional<std::filesystem::path> profile_file(Environment const& environment);

}  // namespace tocsin::client
