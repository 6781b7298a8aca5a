#include "clients/cpp/profile.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace tocsin::client {
namespace {

namespace fs = std::filesystem;

void warn_if_exposed(fs::path const& file, std::vector<std::string>& warnings) {
  struct stat state{};
  if (::stat(file.c_str(), &state) == 0 && S_ISREG(state.st_mode) && (state.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    warnings.push_back("Others can read " + file.string() + ", which holds a token: chmod 600 it.");
  }
}

Outcome<std::string> checked_token(std::string token, std::string const& source) {
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty() || !std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; })) {
    return fail(Exit::local, "The token from " + source + " is empty or has characters that no token has.");
  }
  return token;
}

Outcome<std::string> read_token(fs::path const& file, std::vector<std::string>& warnings) {
  std::ifstream stream(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.is_open() || stream.bad())
    return fail(Exit::local, "The token file " + file.string() + " cannot be read.");
  warn_if_exposed(file, warnings);
  return checked_token(std::move(text), file.string());
}

fs::path placed(std::string const& text, fs::path const& folder, Environment const& environment) {
  auto const home = environment("HOME");
  if (text.starts_with("~/") && home) return fs::path(*home) / text.substr(2);
  return folder / text;  // an absolute path stays as it is
}

// One profile of the file, as text.
struct Stored {
  std::optional<std::string> url, token, token_file, ca;
};

Outcome<Stored> read_stored(toml::table const& table, std::string const& name, fs::path const& file) {
  Stored out;
  std::array const slots{std::pair{"url", &out.url}, std::pair{"token", &out.token},
                         std::pair{"token_file", &out.token_file}, std::pair{"ca", &out.ca}};
  for (auto const& [key, value] : table) {
    auto const slot = std::ranges::find_if(slots, [&](auto const& s) { return key.str() == s.first; });
    if (slot == slots.end() || !value.is_string()) {
      return fail(Exit::local,
                  "Profile " + name + " in " + file.string() + " has an entry " + std::string(key.str()) +
                      " that is unknown or no string.",
                  "A profile has url, ca, and token_file or token.");
    }
    *slot->second = value.as_string()->get();
  }
  if (out.token && out.token_file) {
    return fail(Exit::local, "Profile " + name + " in " + file.string() + " has both token and token_file.");
  }
  return out;
}

Outcome<Profile> read_profile(std::string const& name, bool required, Environment const& environment) {
  auto const missing = [&] {
    return fail(Exit::local, "There is no profile " + name + ".", "See docs/cli.md, Profiles.");
  };
  auto const file = profile_file(environment);
  if (!file || !fs::exists(*file)) {
    if (required) return missing();
    return Profile{};
  }
  toml::table document;
  try {
    document = toml::parse_file(file->string());
  } catch (toml::parse_error const& error) {
    // The library's sentence may quote the line, which may hold the token.
    return fail(Exit::local, file->string() + ":" + std::to_string(error.source().begin.line) + ":" +
                                 std::to_string(error.source().begin.column) + ": this is not TOML.");
  }
  auto const* table = document[name].as_table();
  if (table == nullptr) {
    if (required) return missing();
    return Profile{};
  }
  auto stored = read_stored(*table, name, *file);
  if (!stored) return std::unexpected(std::move(stored.error()));
  Profile out;
  auto const folder = file->parent_path();
  out.url = stored->url.value_or("");
  if (stored->ca) out.ca = placed(*stored->ca, folder, environment);
  if (stored->token) warn_if_exposed(*file, out.warnings);
  if (stored->token || stored->token_file) {
    auto token = stored->token ? checked_token(std::move(*stored->token), file->string())
                               : read_token(placed(*stored->token_file, folder, environment), out.warnings);
    if (!token) return std::unexpected(std::move(token.error()));
    out.token = std::move(*token);
  }
  return out;
}

}  // namespace

std::optional<fs::path> profile_file(Environment const& environment) {
  if (auto const config = environment("XDG_CONFIG_HOME")) return fs::path(*config) / "tocsin" / "profiles.toml";
  if (auto const home = environment("HOME")) return fs::path(*home) / ".config" / "tocsin" / "profiles.toml";
  return std::nullopt;
}

Outcome<Profile> resolve_profile(GlobalOptions const& options, Environment const& environment) {
  auto const url = environment("TOCSIN_URL");
  Profile out;
  if (options.profile || (!options.url && !url)) {
    auto stored = read_profile(options.profile.value_or("default"), options.profile.has_value(), environment);
    if (!stored) return stored;
    out = std::move(*stored);
  }
  if (out.url.empty() && url) out.url = *url;
  if (options.url) out.url = *options.url;
  if (out.url.empty()) {
    return fail(Exit::local, "No server is named.",
                "Give --url https://HOST:PORT, set TOCSIN_URL, or write a profile.");
  }
  if (auto const ca = environment("TOCSIN_CA"); ca && !out.ca) out.ca = *ca;
  if (options.ca) out.ca = *options.ca;

  auto const variable = environment("TOCSIN_TOKEN");
  if (!options.token && (out.token || !variable)) return out;
  auto const& given = options.token ? *options.token : *variable;
  auto token = given.starts_with('@') ? read_token(given.substr(1), out.warnings)
                                      : checked_token(given, options.token ? "--token" : "TOCSIN_TOKEN");
  if (!token) return std::unexpected(std::move(token.error()));
  out.token = std::move(*token);
  return out;
}

}  // namespace tocsin::client
