// Peers tell each other what they saw of the logs that they follow, so that no origin can show two of them two logs for
// long: what another saw is held against the tree that was verified here, and what witnesses cosigned of it is counted.
// Owned by app; any thread but the commit thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "schema/log/tile.hpp"
#include "server/federation/evidence_keeper.hpp"
#include "server/federation/peer_status.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::federation {

// This instance's own data log, as others read it.
struct OwnLog {
  std::function<std::shared_ptr<std::string const>()> checkpoint;  // the newest; null before the first
  log::TileSource tile;                                            // it may block
  std::function<core::Result<log::VerifierKey>()> key;             // likewise
};

// What is witnessed of an origin's data log.
struct WitnessedLog {
  std::size_t witnesses = 0,
              quorum = 0;       // of the agreement; how many of them have to have cosigned. 0: nobody is named
  std::uint64_t size = 0;       // verified here
  std::uint64_t witnessed = 0;  // the largest size that the quorum cosigned, of the same tree

  [[nodiscard]] std::uint64_t unwitnessed() const { return size - witnessed; }

  friend bool operator==(WitnessedLog const&, WitnessedLog const&) = default;
};

// More than two thirds: any two quorums have an honest witness in common as long as fewer than a third lie.
[[nodiscard]] constexpr std::size_t quorum_of(std::size_t witnesses) {
  return witnesses == 0 ? 0 : 1 + 2 * witnesses / 3;
}

class WitnessExchange {
 public:
  struct Parts {
    Peering const& peering;
    store::OriginStore& origins;     // on the commit thread
    store::WitnessStore& witnesses;  // likewise
    OriginTrees& trees;
    EvidenceKeeper& keeper;
    OwnLog own;
    Perform perform;
    base::Log& log;
  };
  explicit WitnessExchange(Parts parts) : parts_(std::move(parts)) {}

  // Asks a peer what it saw of every other log that is followed here, and of this instance's own; and whether heads
  // came after those that were opened here. Every ten seconds or so. What it does not answer is asked the next time;
  // whom a connection fails is asked nothing more until then.
  void exchange(std::string const& peer, Transport& transport);

  // What `peer` says it saw of an origin's data log, or of this instance's own. Errors: not_found when it is neither;
  // those of judge.
  [[nodiscard]] core::Result<Standing> compare(std::string const& peer, std::string const& origin,
                                               std::string const& note);

  // By origin, of all that is followed by an agreement. Errors: those of the store.
  [[nodiscard]] core::Result<std::map<std::string, WitnessedLog>> witnessed() const;
  // As it was when the latest exchange ended; empty before the first. Waits for nothing.
  [[nodiscard]] std::map<std::string, WitnessedLog> latest() const;
  // By origin, as long as it goes on. Waits for nothing.
  [[nodiscard]] std::map<std::string, Stall> stalls() const;

 private:
  struct Ahead {
    std::uint64_t size = 0;
    std::string note;
    std::uint64_t shown = 0;  // by the origin itself, when it was last asked
    int behind = 0;           // how often in a row that was less
  };
  [[nodiscard]] core::Result<Standing> compare_own(std::string const& peer, std::string const& note);
  [[nodiscard]] core::Result<Judged> compare_followed(Peering::Shown const& origin, std::string const& note);
  [[nodiscard]] core::Result<void> count(Peering::Shown const& origin, std::string const& note);
  void ask_of_all(std::string const& peer, Transport& transport);
  void compare_heads(std::string const& peer, Transport& transport);
  bool ask(std::string const& peer, std::string const& origin, Transport& transport);  // false: it cannot be reached
  void look_again(std::string const& peer, std::string const& origin);
  // Whether a peer shows this instance less of its own log than others have had for a minute.
  void look_for_stall(Peering::Shown const& peer, Transport& transport);
  [[nodiscard]] bool is_ahead(std::string const& origin) const;

  Parts parts_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. What a peer saw of an origin and was not reached here yet, by both names: the smallest, which is
  // reached first.
  std::map<std::pair<std::string, std::string>, Ahead> ahead_;
  std::map<std::string, WitnessedLog> latest_;
  std::map<std::string, std::string> told_;  // what a peer showed of this instance's log that is not of it
};

}  // namespace tocsin::federation
