// What becomes of statements of a peer's log that do not agree with what was verified here. Two that contradict each
// other and that its own key signed are kept as evidence, and the peer is quarantined until an administrator lifts it;
// whatever else is said, in its name or by it, is told in the log and changes nothing. Owned by app; any thread but the
// commit thread.
#pragma once

#include <string>

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/federation/contradiction.hpp"
#include "server/federation/misbehaviour.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"
#include "server/store/witness_store.hpp"

namespace tocsin::federation {

class EvidenceKeeper final : public Misbehaviour {
 public:
  struct Parts {
    Peering& peering;
    store::OriginStore& origins;     // on the commit thread
    store::WitnessStore& witnesses;  // likewise
    OriginTrees& trees;
    Perform perform;
    base::Clock const& clock;
    base::Log& log;
  };
  explicit EvidenceKeeper(Parts parts) : parts_(std::move(parts)) {}

  void report(std::string const& origin, core::Code verdict, std::string const& stored_note,
              std::string const& new_note) override;
  void report(std::string const& origin, log::Evidence const& evidence) override;

  // Keeps what contradicts the verified tree of a peer, and quarantines the peer. Nothing to do for what was kept
  // before.
  void keep(Peering::Shown const& peer, Judged const& judged);

 private:
  [[nodiscard]] core::Result<Judged> judged(Peering::Shown const& peer, std::string const& stored,
                                            std::string const& next);

  Parts parts_;
};

}  // namespace tocsin::federation
