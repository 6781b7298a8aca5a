#include "server/app/keys.hpp"

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"
#include "schema/log/manifest.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {

namespace {

// What the key that is missing signed, and its public line, under its number.
core::Result<void> put_aside(Layout const& layout, log::VerifierKey const& old) {
  std::string text = old.text(), number = text.substr(old.name().size() + 1, 8);
  if (auto kept = base::write_file(layout.keys() / ("audit-" + number + ".pub"), text + "\n", 0644); !kept) return kept;
  auto moved = base::move_file(layout.audit_checkpoints(), layout.audit() / ("checkpoints-" + number));
  if (!moved && moved.error().code != core::Code::not_found) return moved;
  return {};
}

}  // namespace

std::string make_secret_key() {
  core::Salt key = core::random_salt();
  return core::to_hex(core::view(key)) + "\n";
}

core::Result<AuditKey> audit_key(Layout const& layout, std::string const& origin) {
  auto there = read_signer(layout.audit_key());
  if (!there && there.error().code != core::Code::not_found) return std::unexpected(there.error());
  auto known = read_verifier(layout.audit_public_key());
  if (!known && known.error().code != core::Code::not_found) return std::unexpected(known.error());
  std::optional<std::string> instead_of;
  if (!there) {
    if (known) instead_of = known->text();
    if (auto kept = known ? put_aside(layout, *known) : core::Result<void>(); !kept)
      return std::unexpected(kept.error());
    there = make_signer(origin + "/audit");
    if (!there) return std::unexpected(there.error());
    if (auto written = base::write_file(layout.audit_key(), there->text() + "\n", 0600); !written)
      return std::unexpected(written.error());
  }
  if (!known || *known != there->verifier())
    if (auto written = base::write_file(layout.audit_public_key(), there->verifier().text() + "\n", 0644); !written)
      return std::unexpected(written.error());
  return AuditKey{*std::move(there), std::move(instead_of)};
}

core::Result<log::SignerKey> freshness_key(Layout const& layout, std::string const& origin) {
  auto key = cosigner(layout.freshness_key(), log::freshness_name(origin));
  if (!key) return key;
  auto known = read_verifier(layout.freshness_public_key());
  if (known && *known == key->verifier()) return key;
  auto written = base::write_file(layout.freshness_public_key(), key->verifier().text() + "\n", 0644);
  if (!written) return std::unexpected(written.error());
  return key;
}

}  // namespace tocsin::app
