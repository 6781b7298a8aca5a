// How the logs of a restored instance go on: by what its peers saw of them and hold. What no key of the instance
// signed, and what does not go on from the backup, is not believed. Blocking; main thread of a verb.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/keys.hpp"
#include "schema/log/manifest.hpp"
#include "server/federation/transport.hpp"
#include "server/store/control_store.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::app {

// A peer that can be asked.
struct ReachedPeer {
  std::string name;
  log::Manifest manifest;
  bool active = false;
  std::unique_ptr<federation::Transport> transport;
};

struct NewestSeen {
  struct ByPeer {
    std::string peer;
    std::uint64_t data = 0, control = 0;  // sizes; 0: it saw nothing
  };
  std::vector<ByPeer> peers;
  log::Checkpoint data, control;  // where the logs go on: what the database has, or more
  store::LogBeyond beyond;        // of the database
};

// `keys`: that the data log was signed with as far as the database knows; the control log names those after them.
// `origin`: of the data log. Errors: unavailable, with the name of each peer that could not be asked; log_forked when
// two of them, or the backup and one of them, have two logs; not_found when no peer holds what one of them saw signed;
// those of the store.
[[nodiscard]] core::Result<NewestSeen> newest_seen(store::LogStore& logs, std::string const& origin,
                                                   std::vector<log::VerifierKey> keys, log::VerifierKey const& root,
                                                   std::span<ReachedPeer> peers);

}  // namespace tocsin::app
