// What the operator should know of how peers meet this instance when it reads their logs. Main thread, or the one that
// reloads; blocks.
#pragma once

#include <vector>

#include "server/app/instance.hpp"
#include "server/app/warnings.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::app {

// When something is agreed that would be taken from a peer: that no certificate is set for it, or that the manifest
// does not pin the one which is. Then the peer answers nothing.
[[nodiscard]] std::vector<Warning> peering_warnings(Layout const& layout, base::Config const& config,
                                                    federation::Peering const& peering);

}  // namespace tocsin::app
