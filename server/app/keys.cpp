#include "server/app/keys.hpp"

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {

std::string make_secret_key() {
  core::Salt key = core::random_salt();
  return core::to_hex(core::view(key)) + "\n";
}

core::Result<log::SignerKey> audit_key(Layout const& layout, std::string const& origin) {
  auto there = read_signer(layout.audit_key());
  if (there || there.error().code != core::Code::not_found) return there;
  auto made = make_signer(origin + "/audit");
  if (!made) return made;
  if (auto written = base::write_file(layout.audit_key(), made->text() + "\n", 0600); !written)
    return std::unexpected(written.error());
  return made;
}

}  // namespace tocsin::app
