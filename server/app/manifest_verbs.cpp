#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <vector>

#include "schema/log/manifest.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/certificate.hpp"
#include "server/app/certificates.hpp"
#include "server/app/keys.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/peer_verbs.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kLongestFile = 1 << 20;

// The manifest that is there, if one is.
core::Result<std::optional<log::Manifest>> manifest_before(Layout const& layout, log::VerifierKey const& root) {
  auto note = base::read_file(layout.manifest(), kLongestFile);
  if (!note && note.error().code == core::Code::not_found) return std::nullopt;
  if (!note) return std::unexpected(note.error());
  auto manifest = log::open_manifest(*note, root);
  if (!manifest) return std::unexpected(manifest.error());
  return *std::move(manifest);
}

// One at a time: two manifests of one version would contradict each other. A server that runs reads the manifest and
// never writes it; none starts meanwhile, for it would make the keys that are missing, too.
core::Result<std::vector<base::DirectoryLock>> alone(Layout const& layout) {
  std::vector<base::DirectoryLock> out;
  auto making = base::DirectoryLock::acquire(layout.directory / "manifest.lock");
  if (!making) return std::unexpected(making.error());
  out.push_back(*std::move(making));
  auto directory = base::DirectoryLock::acquire(layout.lock());
  if (!directory && directory.error().code != core::Code::directory_in_use) return std::unexpected(directory.error());
  if (directory) out.push_back(*std::move(directory));
  return out;
}

bool has_peers(Layout const& layout) {
  std::error_code none;
  return std::ranges::any_of(std::filesystem::directory_iterator(layout.peers(), none),
                             [](auto const& entry) { return entry.path().extension() == ".toml"; });
}

// Peers refuse a version that is not higher than the one they have.
core::Result<std::uint64_t> next_version(Layout const& layout, std::optional<log::Manifest> const& before,
                                         std::optional<std::uint64_t> const& after) {
  if (!before && !after && has_peers(layout))
    return core::fail(core::Code::unprocessable,
                      "This instance has peers, and " + layout.manifest().string() +
                          " is gone: they would refuse a version that is not higher than the one they have.",
                      "", "Put it back; or ask them for that version (`tocsind peer list` tells it) and say --after.");
  return std::max(before ? before->version : 0, after.value_or(0)) + 1;
}

core::Result<std::vector<core::Digest>> pins_of(Layout const& layout, base::Config const& config,
                                                std::vector<std::string> const& given) {
  auto pem = base::read_file(layout.directory / config.tls.certificate, kLongestFile);
  if (!pem) return std::unexpected(pem.error());
  auto own = pin_of_certificate(*pem);
  if (!own) return std::unexpected(own.error());
  std::vector<core::Digest> pins{*own};
  for (auto const& text : given) {
    auto pin = access::parse_pin(text);
    if (!pin) return std::unexpected(pin.error());
    pins.push_back(*pin);
  }
  std::ranges::sort(pins);
  pins.erase(std::ranges::unique(pins).begin(), pins.end());
  return pins;
}

// Where peers reach it: on the listener that asks for certificates, when there is one.
std::string url_of(base::Config const& config, ManifestOptions const& options) {
  auto const& listener = config.listen.mtls ? *config.listen.mtls : config.listen.https;
  auto const& host = config.instance.host;
  auto const in_url = host.contains(':') ? "[" + host + "]" : host;
  return options.url.value_or("https://" + in_url + ":" + std::to_string(listener.port));
}

core::Result<log::SignerKey> root_of(Layout const& layout, ManifestOptions const& options) {
  auto root = read_signer(options.root_key.value_or(layout.root_key()));
  if (!root && root.error().code == core::Code::not_found)
    root.error().remedy = "A manifest is signed with the root key: say with --root-key where it lies.";
  if (!root) return root;
  auto known = read_root_verifier(layout);
  if (!known) return std::unexpected(known.error());
  if (root->verifier() != *known)
    return core::fail(core::Code::bad_parameter, "The key given is not this instance's root key.", "",
                      "Its public line is in " + layout.root_public_key().string() + ".");
  return root;
}

core::Result<log::Manifest> manifest_of(Layout const& layout, base::Config const& config,
                                        ManifestOptions const& options, std::uint64_t version) {
  auto log_key = read_signer(layout.log_key());
  if (!log_key) return std::unexpected(log_key.error());
  std::string const& origin = log_key->verifier().name();
  auto freshness = freshness_key(layout, origin);
  if (!freshness) return std::unexpected(freshness.error());
  auto witness = cosigner(layout.witness_key(), log::witness_name(origin));
  if (!witness) return std::unexpected(witness.error());
  auto applied = cosigner(layout.applied_key(), log::applied_name(origin));
  if (!applied) return std::unexpected(applied.error());
  auto pins = pins_of(layout, config, options.pins);
  if (!pins) return std::unexpected(pins.error());
  auto identities = options.identities;
  if (identities.empty()) identities.push_back(config.instance.identity);
  std::ranges::sort(identities);
  auto const now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
  return log::Manifest{version,
                       now_s + static_cast<std::uint64_t>(options.days) * 86'400,
                       log_key->verifier(),
                       freshness->verifier(),
                       witness->verifier(),
                       applied->verifier(),
                       url_of(config, options),
                       *std::move(pins),
                       std::move(identities)};
}

std::string until(log::Manifest const& manifest) {
  return stix::Timestamp::from_microseconds(static_cast<std::int64_t>(manifest.expires_s) * 1'000'000).text();
}

// Whose certificate has such a pin is let in nowhere once peers have the new manifest, and nobody asked for that.
void say_what_is_dropped(log::Manifest const& before, log::Manifest const& now) {
  for (auto const& pin : before.tls_pins)
    if (std::ranges::find(now.tls_pins, pin) == now.tls_pins.end())
      std::cerr << "tocsind: The manifest names the pin " << core::to_hex(core::view(pin))
                << " no more: to keep it, make the manifest again with this --pin.\n";
}

}  // namespace

int manifest_make(Layout const& layout, ManifestOptions const& options) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto root = root_of(layout, options);
  if (!root) return report(root.error());
  auto const held = alone(layout);
  if (!held) return report(held.error());
  auto const before = manifest_before(layout, root->verifier());
  if (!before) return report(before.error());
  auto const version = next_version(layout, *before, options.after);
  if (!version) return report(version.error());
  auto manifest = manifest_of(layout, *config, options, *version);
  if (!manifest) return report(manifest.error());
  auto note = log::sign_manifest(*manifest, *root);
  if (!note) return report(note.error());
  if (auto written = base::write_file(layout.manifest(), note->format(), 0644); !written)
    return report(written.error());
  std::cout << "made\t" << layout.manifest().string() << "\nversion\t" << manifest->version << "\nuntil\t"
            << until(*manifest) << "\nurl\t" << manifest->url << '\n';
  if (*before) say_what_is_dropped(**before, *manifest);
  std::cerr << "tocsind: Whoever is your peer already takes it with `tocsind peer accept`: send it. The root key is "
               "not needed any more.\n";
  return 0;
}

int manifest_show(Layout const& layout) {
  auto root = read_root_verifier(layout);
  if (!root) return report(root.error());
  auto note = base::read_file(layout.manifest(), kLongestFile);
  if (!note && note.error().code == core::Code::not_found)
    return report({core::Code::not_found, "This instance has no manifest.", "", "Make one: tocsind manifest make"});
  if (!note) return report(note.error());
  auto manifest = log::open_manifest(*note, *root);
  if (!manifest) return report(manifest.error());
  std::cout << *note;
  auto const now_s = static_cast<std::uint64_t>(base::SystemClock().now_us() / 1'000'000);
  if (manifest->expires_s > now_s) return 0;
  return report({core::Code::unprocessable, "It has expired.", "", "Make a new one: tocsind manifest make"});
}

}  // namespace tocsin::app
