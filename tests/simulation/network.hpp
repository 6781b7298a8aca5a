// The network of the mesh: what is cut, lost, late, sent twice, or answered out of a cache on the way. Owned by the
// mesh; one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "server/federation/transport.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/ways.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::simulation {

class Network {
 public:
  // What is at its ends, and the time that a message takes: other things happen meanwhile, and the sender may be gone
  // after it (Crashed).
  struct Ends {
    std::function<bool(std::size_t one)> runs;
    std::function<core::Result<federation::PeerAnswer>(std::size_t from, std::size_t to, std::string const& target)>
        get;
    std::function<core::Result<federation::PeerAnswer>(std::size_t from, std::size_t to, std::string const& target,
                                                       std::string const& body)>
        post;
    std::function<void(std::size_t sender, std::int64_t us)> pass;
    std::function<void(std::int64_t us, std::function<void()>)> later;
  };
  // `severed`: who cannot reach each other, whatever is mended.
  Network(Ends ends, Severed severed, test::Random& random, History& history)
      : ends_(std::move(ends)), severed_(std::move(severed)), random_(random), history_(history) {}

  [[nodiscard]] std::unique_ptr<federation::Transport> connect(std::size_t from, std::size_t to);

  void cut(std::size_t one, std::size_t other);
  void mend(std::size_t one, std::size_t other);
  // From now on it does what it should.
  void heal();
  [[nodiscard]] std::size_t messages() const { return messages_; }  // that were sent so far

 private:
  class Connection;
  using Pair = std::pair<std::size_t, std::size_t>;  // the lower first

  core::Result<federation::PeerAnswer> get(std::size_t from, std::size_t to, std::string const& target);
  core::Result<federation::PeerAnswer> post(std::size_t from, std::size_t to, std::string const& target,
                                            std::string const& body);
  [[nodiscard]] bool connects(std::size_t from, std::size_t to) const;
  [[nodiscard]] std::int64_t latency();
  [[nodiscard]] bool loses() { return !healed_ && random_.chance(4); }

  Ends const ends_;
  Severed const severed_;
  test::Random& random_;
  History& history_;
  bool healed_ = false;
  std::size_t messages_ = 0;
  std::set<Pair> cut_;
  std::map<std::pair<Pair, std::string>, federation::PeerAnswer> cache_;  // of checkpoints, as they were
};

}  // namespace tocsin::simulation
