#include "schema/log/manifest.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "schema/log/decimal.hpp"
#include "schema/log/labelled_lines.hpp"
#include "schema/stix/identifier.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kTitle = "tocsin/manifest/v1";

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

bool is_ip6(std::string_view text) {
  in6_addr address{};
  return !text.contains('\0') && ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_name_or_ip4(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

// https://HOST[:PORT] and nothing behind it; an address of IPv6 stands in brackets.
bool is_base_url(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme) || url.size() > kLongestUrl) return false;
  auto const place = url.substr(kScheme.size());
  bool const bracketed = place.starts_with('[');
  auto const end = bracketed ? place.find(']') : std::min(place.find(':'), place.size());
  if (end == std::string_view::npos) return false;
  bool const host = bracketed ? is_ip6(place.substr(1, end - 1)) : is_name_or_ip4(place.substr(0, end));
  auto const rest = place.substr(end + (bracketed ? 1 : 0));
  if (!host || rest.empty()) return host;
  auto const port = rest.starts_with(':') ? parse_decimal(rest.substr(1)) : std::nullopt;
  return port && *port >= 1 && *port <= 65'535;
}

bool is_identity(std::string const& text) {
  auto const id = stix::Identifier::parse(text);
  return id && id->type() == "identity" && "identity--" + core::to_text(id->uuid()) == text;
}

template <class T>
bool ascending(std::vector<T> const& list) {
  return std::ranges::adjacent_find(list, std::ranges::greater_equal{}) == list.end();
}

core::Result<void> check_keys(Manifest const& manifest) {
  std::string const& origin = manifest.origin();
  if (manifest.log.type() != KeyType::signature) return malformed("The log key of a manifest is one for cosignatures.");
  std::array<std::pair<VerifierKey const*, std::string>, 3> const cosigners{
      {{&manifest.freshness, freshness_name(origin)},
       {&manifest.witness, witness_name(origin)},
       {&manifest.applied, applied_name(origin)}}};
  std::vector<PublicKey> keys{manifest.log.public_key()};
  for (auto const& [key, name] : cosigners) {
    if (key->type() != KeyType::cosignature || key->name() != name)
      return malformed("A key of the manifest is not one for cosignatures with the name " + name + ".");
    keys.push_back(key->public_key());
  }
  std::ranges::sort(keys);
  if (!ascending(keys)) return malformed("The manifest names one key for two purposes.");
  return {};
}

core::Result<void> well_formed(Manifest const& manifest) {
  if (manifest.version == 0) return malformed("The version of a manifest is from 1 on.");
  if (auto good = check_keys(manifest); !good) return good;
  if (!is_base_url(manifest.url)) return malformed("The URL of a manifest has not the form https://HOST[:PORT].");
  if (manifest.tls_pins.empty() || manifest.tls_pins.size() > kMostPins || !ascending(manifest.tls_pins))
    return malformed("The pins of a manifest are not 1 to 8, ascending.");
  if (manifest.identities.size() > kMostIdentities || !ascending(manifest.identities) ||
      !std::ranges::all_of(manifest.identities, is_identity))
    return malformed("The identities of a manifest are not at most 64, ascending, as identity--UUID.");
  return {};
}

core::Result<VerifierKey> key_of(LabelledLines& lines, std::string_view label) {
  auto const text = lines.take(label);
  if (!text) return malformed("The manifest has no line " + std::string(label) + " in its place.");
  return VerifierKey::parse(*text);
}

}  // namespace

std::string control_origin(std::string const& origin) { return origin + "/control"; }
std::string freshness_name(std::string const& origin) { return origin + "/freshness"; }
std::string witness_name(std::string const& origin) { return origin + "/witness"; }
std::string applied_name(std::string const& origin) { return origin + "/applied"; }

std::string format_manifest(Manifest const& manifest) {
  std::string text(kTitle);
  auto const line = [&](std::string_view label, std::string_view value) {
    text.append("\n").append(label).append(" ").append(value);
  };
  line("version", std::to_string(manifest.version));
  line("expires", std::to_string(manifest.expires_s));
  line("data", manifest.origin());
  line("control", control_origin(manifest.origin()));
  line("log-key", manifest.log.text());
  line("freshness-key", manifest.freshness.text());
  line("witness-key", manifest.witness.text());
  line("applied-key", manifest.applied.text());
  line("url", manifest.url);
  for (auto const& pin : manifest.tls_pins) line("tls-pin", core::to_hex(core::view(pin)));
  for (auto const& identity : manifest.identities) line("identity", identity);
  return text + "\n";
}

core::Result<Manifest> parse_manifest(std::string_view text) {
  LabelledLines lines(text);
  if (!lines.take_title(kTitle)) return malformed("The note is no manifest that this version knows.");
  auto const version = parse_decimal(lines.take("version").value_or(""));
  auto const expires = parse_decimal(lines.take("expires").value_or(""));
  if (!version || !expires) return malformed("The manifest does not say its version and until when it is good.");
  auto const data = lines.take("data"), control = lines.take("control");
  if (!data || !control) return malformed("The manifest does not name its logs.");
  auto log = key_of(lines, "log-key"), freshness = key_of(lines, "freshness-key");
  auto witness = key_of(lines, "witness-key"), applied = key_of(lines, "applied-key");
  for (auto const* key : {&log, &freshness, &witness, &applied})
    if (!*key) return std::unexpected(key->error());
  auto const url = lines.take("url");
  if (!url) return malformed("The manifest has no line url in its place.");
  Manifest manifest{*version,
                    *expires,
                    *std::move(log),
                    *std::move(freshness),
                    *std::move(witness),
                    *std::move(applied),
                    std::string(*url),
                    {},
                    {}};
  while (auto const pin = lines.take("tls-pin")) {
    auto const digest = core::to_array<32>(core::from_hex(*pin).value_or(""));
    if (!digest) return malformed("A pin of the manifest is not 64 hexadecimal digits.");
    manifest.tls_pins.push_back(*digest);
  }
  while (auto const identity = lines.take("identity")) manifest.identities.emplace_back(*identity);
  if (auto good = well_formed(manifest); !good) return std::unexpected(good.error());
  // Refuses other names of the logs, every other spelling, and what is left over.
  if (format_manifest(manifest) != text) return malformed("The manifest is not in its one exact form.");
  return manifest;
}

core::Result<Note> sign_manifest(Manifest const& manifest, SignerKey const& root) {
  if (auto good = well_formed(manifest); !good) return std::unexpected(good.error());
  auto note = Note::from_text(format_manifest(manifest));
  if (!note) return note;
  if (auto added = note->add(sign(root, note->text())); !added) return std::unexpected(added.error());
  return note;
}

core::Result<Manifest> open_manifest(std::string_view bytes, VerifierKey const& root) {
  if (root.type() != KeyType::signature)
    return core::fail(core::Code::note_unverified, "The key given as the root key is one for cosignatures.");
  auto const note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  if (auto verified = verify_note(*note, std::span(&root, 1)); !verified) return std::unexpected(verified.error());
  return parse_manifest(note->text());
}

core::Result<void> check_successor(Manifest const& now, Manifest const& next) {
  if (next.origin() != now.origin())
    return core::fail(core::Code::conflict, "The manifest is of another origin than the one it would replace.");
  if (next.version <= now.version)
    return core::fail(core::Code::conflict,
                      "The manifest has version " + std::to_string(next.version) + ", and version " +
                          std::to_string(now.version) + " is in force: what is older never comes back.",
                      "", "Ask for the newest one.");
  return {};
}

}  // namespace tocsin::log
