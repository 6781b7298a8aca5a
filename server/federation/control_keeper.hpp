// Keeps what peers open of their control logs before it is applied, so that these logs can be handed on whole. Owned by
// app; called as every ControlSink.
#pragma once

#include "server/federation/control_sink.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/store/relay_store.hpp"

namespace tocsin::federation {

class ControlKeeper final : public ControlSink {
 public:
  // `next`: who applies it.
  ControlKeeper(store::RelayStore& relays, Perform perform, ControlSink& next)
      : relays_(relays), perform_(std::move(perform)), next_(next) {}

  core::Result<void> apply(store::Origin const& origin, log::Openings const& openings) override;

 private:
  store::RelayStore& relays_;  // on the commit thread
  Perform const perform_;
  ControlSink& next_;
};

}  // namespace tocsin::federation
