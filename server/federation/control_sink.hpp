// Where opened entries of a peer's control log go: who applies recalls, erasures, keys and losses here. Owned by the
// application; called by the thread that follows that peer, one call at a time for one origin.
#pragma once

#include "schema/core/result.hpp"
#include "schema/log/openings.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::federation {

class ControlSink {
 public:
  virtual ~ControlSink() = default;

  // Every entry in [openings.from, openings.to) of the control log is in `openings` and reproduces its verified leaf;
  // `openings.from` is what was applied before (origin.control.applied). Returns once all of it is committed, with
  // origin_logs.applied of the control log at `openings.to`. After an error its first entries may be, with the cursor
  // behind them: whoever calls again reads the origin first.
  // Errors: openings_malformed (an entry is no statement of a control log); unavailable, storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> apply(store::Origin const& origin, log::Openings const& openings) = 0;
};

}  // namespace tocsin::federation
