#include "server/federation/control_keeper.hpp"

namespace tocsin::federation {

core::Result<void> ControlKeeper::apply(store::Origin const& origin, log::Openings const& openings) {
  core::Result<void> kept = core::fail(core::Code::unavailable, "The server is stopping.");
  perform_([&] { kept = relays_.keep_control(origin.row, openings.entries); });
  if (!kept) return kept;
  return next_.apply(origin, openings);
}

}  // namespace tocsin::federation
