// Carries out what control logs of peers say: opens each statement, applies it to what came from that peer, and says so
// to the peer with a receipt. Owned by app; `apply` and `acknowledge` from the threads that follow peers, one call at a
// time for one origin.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/log/checkpoint.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/federation/control_sink.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/pace.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/receipt_retry.hpp"
#include "server/federation/transport.hpp"
#include "server/store/recall_store.hpp"

namespace tocsin::federation {

// What the applier works through. `changed`: after what changed what is shown.
struct ApplierWorld {
  store::RecallStore& recalls;             // inside perform only
  store::CommitListener const& announced;  // inside the transactions of perform
  OriginTrees& trees;
  Peering const& peering;
  base::Clock const& clock;
  base::Log& log;
  std::function<void(std::function<void()>)> perform;
  std::function<void(store::AppliedControl const&)> changed;
  std::function<core::Result<log::SignerKey>()> applied_key;
  std::function<double()> random;  // from [0, 1), from any thread
};

class ControlApplier final : public ControlSink {
 public:
  explicit ControlApplier(ApplierWorld world) : world_(std::move(world)) {}

  // Errors besides those of ControlSink: not_found when the origin is no peer's any more; log_forked when an entry says
  // of the data log what was not verified of it.
  core::Result<void> apply(store::Origin const& origin, log::Openings const& openings) override;

  // Posts the receipt for the checkpoint in `note`, once everything below its size was applied; each once, as long as
  // this lives, and once more to the origin itself when only a relay says that it has it. What is not taken is tried
  // again, at most an hour later. Errors: not_found; those of keys, of notes and of the transport; unavailable with the
  // refusal, until it is taken.
  [[nodiscard]] core::Result<void> acknowledge(store::Origin const& origin, std::string const& note,
                                               Transport& transport);

 private:
  [[nodiscard]] core::Result<Peering::Shown> peer_of(std::string const& origin) const;
  core::Result<void> compare(store::Origin const& origin, std::vector<log::Checkpoint> const& said);
  core::Result<void> carry_out(store::ControlDelivery const& delivery);
  // What is left to do of a receipt: nullopt, or the outcome when there is nothing now.
  std::optional<core::Result<void>> settled(store::Origin const& origin, std::uint64_t size, std::string const& by);
  core::Result<void> answered(std::pair<store::RowId, std::string> const& by, std::uint64_t size, int status);
  Turn pace_of(store::RowId origin, std::optional<Turn> next = std::nullopt);

  ApplierWorld const world_;
  std::mutex mutex_;
  // Guarded by mutex_, by origin: how much is applied together, what was applied and what was acknowledged here; the
  // last by who said that it is, the origin itself ("") or a relay.
  std::map<store::RowId, Turn> pace_;
  std::map<store::RowId, std::uint64_t> applied_;
  std::map<std::pair<store::RowId, std::string>, std::uint64_t> acknowledged_;
  std::map<std::pair<store::RowId, std::string>, ReceiptRetry> retries_;  // of what was not taken
};

}  // namespace tocsin::federation
