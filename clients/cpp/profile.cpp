#include "clients/cpp/profile.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "clients/cpp/files.hpp"

namespace tocsin::client {
namespace {

namespace fs = std::filesystem;

void warn_if_exposed(fs::path const& file, std::vector<std::string>& warnings) {
  struct stat state{};
  if (::stat(file.c_str(), &state) == 0 && S_ISREG(state.st_mode) && (state.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    warnings.push_back("Others can read " + file.string() + ", which holds a secret: chmod 600 it.");
  }
}

Outcome<std::string> checked_token(std::string token, std::string const& source) {
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty() || !std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; })) {
    return fail(Exit::local, "The token from " + source + " is empty or has characters that no token has.",
                "Copy it again from where your operator gave it to you.");
  }
  return token;
}

fs::path placed(std::string const& text, fs::path const& folder, Environment const& environment) {
  auto const home = environment("HOME");
  if (text.starts_with("~/") && home) return fs::path(*home) / text.substr(2);
  return folder / text;  // an absolute path stays as it is
}

// Where a token is, before it is read.
struct TokenSource {
  std::string text;  // the token, or the file that holds it
  std::string name;  // of the source, for messages
  bool is_file = false;
};

TokenSource given_token(std::string const& text, std::string name) {
  if (text.starts_with('@')) return {text.substr(1), std::move(name), true};
  return {text, std::move(name), false};
}

Outcome<std::string> read_token(TokenSource source, std::vector<std::string>& warnings) {
  if (!source.is_file) return checked_token(std::move(source.text), source.name);
  auto text = read_file(source.text, "The token file " + source.text);
  if (!text) return text;
  warn_if_exposed(source.text, warnings);
  return checked_token(std::move(*text), source.text);
}

// One profile of the file; its paths are placed.
struct Stored {
  std::optional<std::string> url, ca, certificate, key, log_key;
  std::optional<TokenSource> token;
};

// Names every mistake, so that one look at the file is enough. Values are not shown: one may be the token.
Outcome<Stored> read_stored(toml::table const& table, std::string const& name, fs::path const& file,
                            Environment const& environment) {
  std::optional<std::string> url, token, token_file, ca, certificate, key_file, log_key;
  std::array const slots{
      std::pair{"url", &url},        std::pair{"token", &token},      std::pair{"token_file", &token_file},
      std::pair{"ca", &ca},          std::pair{"cert", &certificate}, std::pair{"key", &key_file},
      std::pair{"log_key", &log_key}};
  std::string mistakes;
  auto const mistake = [&](std::string const& text) { mistakes += (mistakes.empty() ? "" : "; ") + text; };
  for (auto const& [key, value] : table) {
    auto const slot = std::ranges::find_if(slots, [&](auto const& s) { return key.str() == s.first; });
    if (slot == slots.end()) {
      mistake("the entry " + std::string(key.str()) + " is unknown");
    } else if (!value.is_string()) {
      mistake("the entry " + std::string(key.str()) + " is no text in quotes");
    } else {
      *slot->second = value.as_string()->get();
    }
  }
  if (token && token_file) mistake("both token and token_file are given");
  if (!mistakes.empty()) {
    return fail(Exit::local, "In " + file.string() + ", profile " + name + ": " + mistakes + ".",
                "A profile has url, ca, either token_file or token, cert and key for a client certificate, log_key.");
  }
  Stored out;
  out.url = std::move(url);
  out.log_key = std::move(log_key);
  auto const folder = file.parent_path();
  for (auto const& [text, path] : {std::pair{&ca, &out.ca}, {&certificate, &out.certificate}, {&key_file, &out.key}})
    if (*text) *path = placed(**text, folder, environment).string();
  if (token) out.token = TokenSource{std::move(*token), file.string(), false};
  if (token_file) {
    auto path = placed(*token_file, folder, environment).string();
    out.token = TokenSource{path, path, true};
  }
  return out;
}

Outcome<toml::table> read_document(fs::path const& file) {
  auto text = read_file(file, file.string());
  if (!text) return std::unexpected(std::move(text.error()));
  try {
    return toml::parse(*text);
  } catch (toml::parse_error const& error) {
    // The library's sentence may quote the line, which may hold the token.
    return fail(Exit::local,
                file.string() + ":" + std::to_string(error.source().begin.line) + ":" +
                    std::to_string(error.source().begin.column) + ": this is not TOML.",
                R"(Write a name in brackets, then lines such as url = "https://HOST", texts in quotes.)");
  }
}

std::string listed(toml::table const& document) {
  std::string out;
  for (auto const& [key, value] : document) {
    if (value.is_table()) out += (out.empty() ? "" : ", ") + std::string(key.str());
  }
  return out.empty() ? "no profile" : out;
}

// The profile of that name; an empty one when it may be absent and is.
Outcome<Stored> find_stored(std::string const& name, bool required, Environment const& environment,
                            std::vector<std::string>& warnings) {
  constexpr auto kWrite = "Write it there: the name in brackets, then url, token_file and ca.";
  auto const missing = [&](std::string const& why) -> Outcome<Stored> {
    if (!required) return Stored{};
    return fail(Exit::local, "There is no profile " + name + ": " + why + ".", kWrite);
  };
  auto const file = profile_file(environment);
  std::error_code ignored;
  if (!file) return missing("neither XDG_CONFIG_HOME nor HOME says where profiles.toml is");
  if (fs::status(*file, ignored).type() == fs::file_type::not_found) {
    return missing(file->string() + " does not exist");
  }
  auto document = read_document(*file);
  if (!document) return std::unexpected(std::move(document.error()));
  auto const* table = (*document)[name].as_table();
  if (table == nullptr) return missing(file->string() + " has " + listed(*document));
  auto stored = read_stored(*table, name, *file, environment);
  if (stored && stored->token && !stored->token->is_file) warn_if_exposed(*file, warnings);
  return stored;
}

}  // namespace

std::optional<fs::path> profile_file(Environment const& environment) {
  if (auto const config = environment("XDG_CONFIG_HOME")) return fs::path(*config) / "tocsin" / "profiles.toml";
  if (auto const home = environment("HOME")) return fs::path(*home) / ".config" / "tocsin" / "profiles.toml";
  return std::nullopt;
}

Outcome<bool> has_profile(std::string const& name, Environment const& environment) {
  auto const file = profile_file(environment);
  std::error_code ignored;
  if (!file || fs::status(*file, ignored).type() == fs::file_type::not_found) return false;
  auto document = read_document(*file);
  if (!document) return std::unexpected(std::move(document.error()));
  return document->contains(name);
}

Outcome<std::optional<std::string>> pinned_log_key(GlobalOptions const& options, Environment const& environment) {
  std::vector<std::string> warnings;
  auto stored = find_stored(options.profile.value_or("default"), options.profile.has_value(), environment, warnings);
  if (!stored) return std::unexpected(std::move(stored.error()));
  auto key = std::move(stored->log_key);
  if (key && key->starts_with('@'))
    key = "@" + placed(key->substr(1), profile_file(environment)->parent_path(), environment).string();
  return key;
}

Outcome<Profile> resolve_profile(GlobalOptions const& options, Environment const& environment) {
  auto const url = environment("TOCSIN_URL");
  Profile out;
  Stored stored;
  if (options.profile || (!options.url && !url)) {
    auto found =
        find_stored(options.profile.value_or("default"), options.profile.has_value(), environment, out.warnings);
    if (!found) return std::unexpected(std::move(found.error()));
    stored = std::move(*found);
  }
  // A profile that was asked for wins over the environment; the default one does not.
  auto const first = [&](auto option, auto variable, auto kept) {
    if (option) return option;
    if (options.profile && kept) return kept;
    return variable ? variable : kept;
  };
  auto const source = [](std::optional<std::string> const& text, char const* name) {
    return text ? std::optional(given_token(*text, name)) : std::nullopt;
  };
  out.url = first(options.url, url, stored.url).value_or("");
  if (out.url.empty()) {
    return fail(Exit::local, "No server is named.",
                "Give --url https://HOST:PORT, set TOCSIN_URL, or write a profile.");
  }
  if (auto const ca = first(options.ca, environment("TOCSIN_CA"), stored.ca)) out.ca = *ca;
  auto certificate = first(options.certificate, environment("TOCSIN_CERT"), stored.certificate),
       key = first(options.key, environment("TOCSIN_KEY"), stored.key);
  if (key && !certificate)
    return fail(Exit::local, "A private key is given and no certificate.", "Give the certificate with --cert too.");
  if (certificate) out.identity = {*certificate, key.value_or(*certificate)};  // both may stand in one file
  if (out.identity) warn_if_exposed(out.identity->key, out.warnings);
  auto chosen = first(source(options.token, "--token"), source(environment("TOCSIN_TOKEN"), "TOCSIN_TOKEN"),
                      std::move(stored.token));
  if (!chosen) return out;
  auto token = read_token(std::move(*chosen), out.warnings);
  if (!token) return std::unexpected(std::move(token.error()));
  out.token = std::move(*token);
  return out;
}

}  // namespace tocsin::client
