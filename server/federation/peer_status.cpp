// What is told of a peer that is followed: a word for its state, and its metrics.
#include "server/federation/peer_status.hpp"

#include <array>
#include <cstddef>

#include "server/federation/peer_follower.hpp"

namespace tocsin::federation {
namespace {

std::string label_of(std::string const& peer) { return "peer=\"" + peer + "\""; }

}  // namespace

std::string_view name_of(PeerStatus::State state) {
  constexpr std::array<std::string_view, 6> kNames{"following", "waiting for its quota", "backing off",
                                                   "paused",    "quarantined",           "not taken"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string PeerStatus::withheld() const {
  std::string out;
  auto const say = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) out.append(out.empty() ? "" : ", ").append(std::to_string(count)).append(" ").append(what);
  };
  say(completeness.gaps, "gaps in its numbers");
  say(completeness.duplicates, "numbers given twice");
  say(completeness.hashes, "heads with another hash");
  say(completeness.counts, "heads with another count");
  say(completeness.unshown, "heads that another peer was shown");
  say(completeness.overdue, "numberings without the head that is due");
  if (stall)
    out.append(out.empty() ? "" : ", ")
        .append("it shows ")
        .append(std::to_string(stall->shown))
        .append(stall->shown == 1 ? " entry of its log, of which " : " entries of its log, of which ")
        .append(stall->seen_by)
        .append(" saw ")
        .append(std::to_string(stall->seen));
  return out;
}

PeerMetrics::PeerMetrics(base::Metrics& metrics, std::string const& peer)
    : verified(metrics.gauge("tocsin_peer_verified_entries", "Entries of a peer's data log that were verified",
                             label_of(peer))),
      applied(metrics.gauge("tocsin_peer_applied_entries", "Entries of a peer's data log that were considered",
                            label_of(peer))),
      lag(metrics.gauge("tocsin_peer_lag_entries", "Entries that were verified and not considered yet",
                        label_of(peer))),
      verified_at(metrics.gauge("tocsin_peer_verified_seconds",
                                "When a peer's log was last held against its signature, in POSIX time",
                                label_of(peer))),
      fresh_at(metrics.gauge("tocsin_peer_fresh_seconds",
                             "When a peer last said itself that nothing is newer, in POSIX time", label_of(peer))),
      withheld(metrics.gauge("tocsin_peer_withheld",
                             "What shows that a peer keeps entries from this instance: gaps and false heads",
                             label_of(peer))),
      errors(metrics.counter("tocsin_peer_errors_total", "Attempts to follow a peer that failed", label_of(peer))),
      refused(metrics.counter("tocsin_peer_refused_total", "Entries of a peer that were not let in here",
                              label_of(peer))) {}

}  // namespace tocsin::federation
