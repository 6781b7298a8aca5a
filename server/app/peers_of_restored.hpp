// The peers of an instance that is not served yet: how they are reached, and what they took back since the backup.
// Blocking; main thread of a verb, which holds the directory's lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/access/directory.hpp"
#include "server/app/instance.hpp"
#include "server/app/newest_seen.hpp"
#include "server/federation/peering.hpp"
#include "server/store/database.hpp"

namespace tocsin::app {

class PeersOfRestored {
 public:
  // Errors: bad_parameter when somebody in `without` is no peer; those of the store.
  [[nodiscard]] static core::Result<std::unique_ptr<PeersOfRestored>> open(Layout const& layout,
                                                                           base::Config const& config,
                                                                           store::Database& database,
                                                                           std::vector<std::string> const& without);

  // All but those that are gone on without.
  [[nodiscard]] std::vector<ReachedPeer>& reached() { return reached_; }

  struct ControlLog {
    std::string peer;
    std::uint64_t size = 0;
  };
  // What each active peer erased and recalled until now is done here too, before anything is shown: control logs are
  // read from where the backup had applied them to. Errors: those of following, with the peer's name.
  [[nodiscard]] core::Result<std::vector<ControlLog>> read_control_logs();

 private:
  PeersOfRestored(Layout const& layout, store::Database& database);

  store::Database& database_;
  access::Registry registry_;
  federation::Peering peering_;
  std::vector<ReachedPeer> reached_;
};

}  // namespace tocsin::app
