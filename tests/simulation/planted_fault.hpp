// Faults that are planted in a simulated part, each to be caught by one invariant: an invariant that nothing breaks
// says nothing. Values of their users.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::simulation {

enum class PlantedFault : std::uint8_t {
  none,
  an_object_is_dropped,          // the cursor moves on without it
  a_newer_version_is_withdrawn,  // as soon as it is stored
  everything_is_opened,          // whatever was agreed
  a_body_is_changed,             // after it was verified
  what_is_verified_is_not_kept,
  control_is_taken_for_applied,
  recalls_are_only_acknowledged,
  a_commit_is_lost,  // after a crash the disk is as it was in the beginning
  a_follower_gives_up,
  a_peer_logs_when_asked,
  whoever_is_reported_is_quarantined,
  reports_are_dropped,
  heads_are_not_compared,
  heads_are_forgotten,  // every second one, as soon as it is opened
  everything_is_handed_on,
  a_relay_leaves_out,      // of what it hands on, the last of each answer
  a_follower_never_waits,  // with nothing to do, or after a refusal
};

}  // namespace tocsin::simulation
