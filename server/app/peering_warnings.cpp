#include "server/app/peering_warnings.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "schema/log/manifest.hpp"
#include "server/app/certificates.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kLongestFile = 1 << 20;

bool follows(federation::Peering const& peering) {
  auto const known = peering.peers();
  return std::ranges::any_of(known, [](federation::Peering::Shown const& one) {
    return one.peer.state == store::PeerState::active && one.agreement &&
           one.agreement->direction != federation::Direction::out;
  });
}

// Of the manifest that the operator gives to peers; empty when there is none that opens.
std::vector<core::Digest> pins_in_manifest(Layout const& layout) {
  auto const note = base::read_file(layout.manifest(), kLongestFile);
  auto const root = read_root_verifier(layout);
  if (!note || !root) return {};
  auto manifest = log::open_manifest(*note, *root);
  return manifest ? std::move(manifest->tls_pins) : std::vector<core::Digest>();
}

std::optional<core::Digest> pin_of(std::filesystem::path const& certificate) {
  auto const pem = base::read_file(certificate, kLongestFile);
  auto const pin = pem ? pin_of_certificate(*pem) : core::Result<core::Digest>(std::unexpected(pem.error()));
  return pin ? std::optional(*pin) : std::nullopt;
}

}  // namespace

std::vector<Warning> peering_warnings(Layout const& layout, base::Config const& config,
                                      federation::Peering const& peering) {
  if (!follows(peering)) return {};
  std::vector<Warning> out;
  auto const& own = config.federation.certificate;
  if (own.empty())
    out.push_back(
        {"peers.no-certificate",
         "Peers are followed, and federation.certificate is not set: they are shown tls.certificate, which is "
         "made for a server.",
         "Set federation.certificate and federation.key to those of a client: docs/federating.md."});
  auto const shown = layout.directory / (own.empty() ? config.tls.certificate : own);
  auto const pin = pin_of(shown);
  if (!pin)
    out.push_back({"peers.no-certificate",
                   "Peers are followed, and " + shown.string() +
                       ", which they are shown, is no certificate that can be "
                       "read.",
                   "Put it in place, or correct federation.certificate."});
  else if (auto const pins = pins_in_manifest(layout); std::ranges::find(pins, *pin) == pins.end())
    out.push_back({"peers.certificate-unpinned",
                   "Peers are followed, and the manifest does not pin the key of " + shown.string() +
                       ", which they are shown: they let nobody in with it.",
                   "Make a manifest with --pin " + core::to_hex(core::view(*pin)) +
                       ", and send it to each peer: docs/federating.md."});
  return out;
}

}  // namespace tocsin::app
