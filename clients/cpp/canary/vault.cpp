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
constexpr auto kWaits = "waiting\n";
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

// What a server took: the indicator's id in a line, and kWaits in another where it waited.
struct Noted {
  std::optional<std::string> indicator;
  bool waits = false;
};

Noted note_beside(fs::path file) {
  auto const text = base::read_file(file.replace_extension(".id"), 200);
  if (!text || !text->ends_with('\n')) return {};
  auto const end = text->find('\n');
  return {text->substr(0, end), text->substr(end + 1) == kWaits};
}

Outcome<Planted> read(fs::path const& file) {
  auto const text = base::read_file(file, kLongest);
  if (!text) return fail(Exit::local, text.error(), "Check who may use the file and its folder with: ls -l");
  auto planted = planted_of(*text);
  if (!planted || planted->commitment != file.stem()) return damaged(file);
  auto const noted = note_beside(file);
  planted->indicator = noted.indicator;
  planted->waits = noted.waits;
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

Outcome<void> Vault::note_indicator(std::string const& commitment, std::string const& id, bool waits) const {
  auto written = base::write_file(folder_ / (commitment + ".id"), id + "\n" + (waits ? kWaits : ""), 0600);
  if (!written) return fail(Exit::local, std::move(written.error()), "The canary is shared: note its id " + id + ".");
  return {};
}

Outcome<Kept> Vault::all() const {
  Kept out;
  std::error_code failed;
  for (fs::directory_iterator each(folder_, failed), end; !failed && each != end; each.increment(failed)) {
    if (each->path().extension() != kEnding) continue;
    auto planted = read(each->path());
    if (planted)
      out.whole.push_back(*std::move(planted));
    else
      out.damaged.push_back({each->path(), note_beside(each->path()).indicator, std::move(planted.error())});
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return file_failure(folder_.string(), "read", failed.value());
  std::ranges::sort(out.damaged, {}, &Kept::Damaged::file);
  std::ranges::sort(out.whole, {}, [](Planted const& one) { return std::pair(one.at, one.commitment); });
  return out;
}

Outcome<Planted> Vault::find(std::string_view name) const {
  auto kept = all();
  if (!kept) return std::unexpected(std::move(kept.error()));
  for (auto& one : kept->whole)
    if (one.commitment == name || one.indicator == name) return std::move(one);
  for (auto& one : kept->damaged)
    if (one.file.stem() == name || one.indicator == name) return std::unexpected(std::move(one.why));
  return fail(Exit::not_found, "No canary " + printable(name) + " is kept in " + folder_.string() + ".",
              "Name it by its commitment or its indicator's id: tocsin canary list");
}

}  // namespace tocsin::client
