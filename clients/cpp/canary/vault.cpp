#include "clients/cpp/canary/vault.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "clients/cpp/console.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/kinds/canary_commitment.hpp"
#include "schema/stix/json.hpp"
#include "server/base/files.hpp"

namespace tocsin::client {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kEnding = ".json";
constexpr std::size_t kLongest = 2 * kMaxSecret;

std::unexpected<Failure> damaged(fs::path const& file) {
  return fail(Exit::local, file.string() + " does not hold the canary that its name says.",
              "Put it back from a copy, or move it away; the other canaries are not touched.");
}

std::unexpected<Failure> unwritten(core::Error error) {
  return fail(Exit::local, std::move(error), "Make room, or mend what is in the way; nothing was shared.");
}

std::string text_of(Planted const& planted) {
  json const document{{"vault", 1},
                      {"commitment", planted.commitment},
                      {"scheme", kinds::kSaltedSha256},
                      {"salt", core::to_hex(core::view(planted.salt))},
                      {"secret", core::to_base64(planted.secret)},
                      {"server", planted.server},
                      {"planted", planted.at},
                      {"said", planted.said}};
  return document.dump(1) + "\n";
}

// The commitment is made anew: a byte that changed anywhere in secret or salt is found out.
std::optional<Planted> planted_of(std::string const& text) {
  auto const document = stix::parse_json(text);
  if (!document || !document->is_object()) return std::nullopt;
  auto const salt = core::to_array<32>(core::from_hex(text_or(*document, "salt")).value_or(""));
  auto secret = core::from_base64(text_or(*document, "secret"));
  if (!salt || !secret) return std::nullopt;
  Planted out{.commitment = text_or(*document, "commitment"),
              .salt = *salt,
              .secret = *std::move(secret),
              .server = text_or(*document, "server"),
              .at = text_or(*document, "planted")};
  if (core::to_hex(core::view(kinds::canary_commitment(out.salt, out.secret))) != out.commitment) return std::nullopt;
  for (auto const& pair : list_or_empty(*document, "said")) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) return std::nullopt;
    out.said.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return out;
}

// The id that a server gave to the canary of this file; it lies beside it.
std::optional<std::string> indicator_of(fs::path file) {
  auto id = base::read_file(file.replace_extension(".id"), 200);
  if (!id || !id->ends_with('\n')) return std::nullopt;
  id->pop_back();
  return *std::move(id);
}

Outcome<Planted> read(fs::path const& file) {
  auto const text = base::read_file(file, kLongest);
  if (!text) return fail(Exit::local, text.error(), "Check who may use the file and its folder with: ls -l");
  auto planted = planted_of(*text);
  if (!planted || planted->commitment != file.stem()) return damaged(file);
  planted->indicator = indicator_of(file);
  return *std::move(planted);
}

}  // namespace

Outcome<Vault> Vault::of(Environment const& environment) {
  auto const profiles = profile_file(environment);
  if (!profiles)
    return fail(Exit::local, "Neither XDG_CONFIG_HOME nor HOME says where canaries are kept.", "Set one of them.");
  return Vault(profiles->parent_path() / "canaries");
}

fs::path Vault::file_of(std::string const& commitment) const { return folder_ / (commitment + kEnding); }

// Under another name until it is whole: what has a canary's name is one.
Outcome<void> Vault::keep(Planted const& planted) const {
  std::error_code failed;
  if (fs::create_directories(folder_, failed)) fs::permissions(folder_, fs::perms::owner_all, failed);
  if (failed) return file_failure(folder_.string(), "made", failed.value());
  auto const file = file_of(planted.commitment);
  auto const part = folder_ / (planted.commitment + ".part");
  if (auto written = base::write_file(part, text_of(planted), 0600); !written)
    return unwritten(std::move(written.error()));
  if (auto named = base::publish_file(part, file); !named) return unwritten(std::move(named.error()));
  return {};
}

Outcome<void> Vault::note_indicator(std::string const& commitment, std::string const& id) const {
  auto written = base::write_file(folder_ / (commitment + ".id"), id + "\n", 0600);
  if (!written) return fail(Exit::local, std::move(written.error()), "The canary is shared: note its id " + id + ".");
  return {};
}

Outcome<std::vector<fs::path>> Vault::files() const {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::directory_iterator each(folder_, failed), end; !failed && each != end; each.increment(failed))
    if (each->path().extension() == kEnding) out.push_back(each->path());
  if (failed && failed != std::errc::no_such_file_or_directory)
    return file_failure(folder_.string(), "read", failed.value());
  std::ranges::sort(out);
  return out;
}

Outcome<Kept> Vault::all() const {
  auto const found = files();
  if (!found) return std::unexpected(found.error());
  Kept out;
  for (auto const& file : *found) {
    if (auto planted = read(file))
      out.canaries.push_back(*std::move(planted));
    else
      out.damaged.push_back(std::move(planted.error()));
  }
  std::ranges::sort(out.canaries, {}, [](Planted const& one) { return std::pair(one.at, one.commitment); });
  return out;
}

// Both names of a canary are found without opening what is kept of it.
Outcome<Planted> Vault::find(std::string_view name) const {
  auto const found = files();
  if (!found) return std::unexpected(found.error());
  for (auto const& file : *found)
    if (file.stem() == name || indicator_of(file) == name) return read(file);
  return fail(Exit::not_found, "No canary " + printable(name) + " is kept in " + folder_.string() + ".",
              "Name it by its commitment or its indicator's id: tocsin canary list");
}

}  // namespace tocsin::client
