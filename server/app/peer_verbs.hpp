// `tocsind manifest` and `tocsind peer`: what this instance shows to others, and the others. Each verb prints its
// result on standard output, mistakes on standard error, and returns the exit status. Main thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "server/app/instance.hpp"

namespace tocsin::app {

struct ManifestOptions {
  std::optional<std::filesystem::path> root_key;  // DIR/keys/root.key when left out
  std::optional<std::string> url;                 // the certificate's host and the port of listen.mtls
  std::vector<std::string> identities;            // the instance's own when empty
  std::vector<std::string> pins;                  // besides that of tls.certificate
  int days = 365;
  std::optional<std::uint64_t> after;  // the version that peers have, when the manifest was lost
};
// Makes the keys that are missing and a manifest one version higher than the one that is there. A server may run
// meanwhile.
int manifest_make(Layout const& layout, ManifestOptions const& options);
int manifest_show(Layout const& layout);

int peer_invite(Layout const& layout);
// `file`: with a line of the other instance or a manifest of it; "-" is standard input. `name`: of the peer here.
int peer_accept(Layout const& layout, std::string const& file, std::string const& name);
int peer_list(Layout const& layout);
int peer_show(Layout const& layout, std::string const& name);
// `state`: active, paused or removed.
int peer_state(Layout const& layout, std::string const& name, std::string const& state, std::string const& reason);
int peer_reload(Layout const& layout);
// Prints one file of evidence, counted from 1 with the oldest, on standard output, and on standard error what it is;
// the newest when `number` is 0.
int peer_evidence(Layout const& layout, std::string const& name, std::size_t number);

}  // namespace tocsin::app
