// How it stands with following a peer, for those who look after it. A value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/origin_store.hpp"

namespace tocsin::federation {

// For a minute a peer has shown this instance less of its own log than another peer saw, signed by the same key.
struct Stall {
  std::uint64_t shown = 0, seen = 0;  // entries
  std::string seen_by;

  friend bool operator==(Stall const&, Stall const&) = default;
};

struct PeerStatus {
  enum class State : std::uint8_t {
    following,
    waiting,      // what was agreed for an hour is taken
    backing_off,  // after an error
    paused,
    quarantined,
    not_taken,  // nothing is agreed that would be taken from it
  };

  std::string name, origin;
  State state = State::not_taken;
  std::uint64_t verified = 0, applied = 0;                  // entries of its data log
  std::uint64_t control_verified = 0, control_applied = 0;  // and of its control log
  std::uint64_t refused = 0;                                // of those that it opened, here
  // The largest size of its data log that enough of the agreement's witnesses cosigned; none: the agreement names none,
  // or nobody was asked yet.
  std::optional<std::uint64_t> witnessed{};
  std::int64_t verified_us = 0;        // when its data log was last held against its signature; 0: never
  std::int64_t fresh_us = 0;           // when it last said itself that nothing is newer, as it was last seen; 0: never
  store::Completeness completeness{};  // of what it has for us
  std::optional<Stall> stall{};
  std::string unacknowledged{};  // why its control log could not be acknowledged last, in words, or ""
  std::string error;  // the last one in words, or ""
  std::int64_t error_since_us = 0;

  [[nodiscard]] std::uint64_t lag() const { return verified - applied; }
  // Of what it is silent on nobody can tell whether it is all there is.
  [[nodiscard]] bool is_stale(std::int64_t now_us) const { return fresh_us + kFreshForUs < now_us; }

  // What shows that it keeps something from us, or may, in words; "": nothing does.
  [[nodiscard]] std::string withheld() const;

  static constexpr std::int64_t kFreshForUs = 60'000'000;
};

[[nodiscard]] std::string_view name_of(PeerStatus::State state);  // "backing off"

}  // namespace tocsin::federation
