#include "server/app/warnings.hpp"

#include "server/app/certificates.hpp"
#include "server/app/descriptors.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {

namespace fs = std::filesystem;

std::vector<Warning> warnings(Layout const& layout, base::Config const& config) {
  std::vector<Warning> out;
  fs::path certificate = layout.directory / config.tls.certificate, key = layout.directory / config.tls.key;
  auto pem = base::read_file(certificate, 1 << 20);
  auto names = pem ? is_certificate_of(*pem, config.instance.host) : core::Result<bool>(true);
  if (names && !*names)
    out.push_back(
        {"certificate.other-host",
         "The certificate " + certificate.string() + " does not name " + config.instance.host +
             ", which is instance.host.",
         "Clients that ask for that name will refuse it: get a certificate for it, or change instance.host."});
  std::error_code unreadable;
  auto mode = fs::status(key, unreadable).permissions();
  if (!unreadable && (mode & (fs::perms::others_read | fs::perms::others_write)) != fs::perms::none)
    out.push_back({"key.exposed", "Other users of this machine can read or write the private key " + key.string() + ".",
                   "Close it with: chmod 600 " + key.string()});
  auto wanted = static_cast<std::size_t>(config.http.max_connections), fitting = connections_that_fit(config);
  if (fitting < wanted)
    out.push_back({"descriptors.few",
                   "http.max_connections is " + std::to_string(wanted) + ", and the process may open " +
                       std::to_string(descriptor_limit()) + " files: it takes " + std::to_string(fitting) +
                       " connections, " + std::to_string(connections_of_one_address(config)) + " from one address.",
                   "Raise the hard limit (ulimit -Hn, LimitNOFILE=), or lower http.max_connections."});
  return out;
}

}  // namespace tocsin::app
