// An origin that lies: on their way to a peer its answers become what only somebody with its keys, or without any
// shame, could send. Owned by the mesh; one thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "server/federation/transport.hpp"
#include "server/store/read_store.hpp"
#include "tests/simulation/founding.hpp"
#include "tests/simulation/history.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::simulation {

class Liar {
 public:
  Liar(Founder const& founder, test::Random& random, History& history)
      : founder_(founder), random_(random), history_(history) {}

  // What the peer gets in place of the answer, now and then. `leaves`: those of its own logs.
  void answer(std::size_t peer, std::string const& target, store::LeafReader& leaves, federation::PeerAnswer& answer);

  // The same of another's log that it hands on: it has no key to sign with, and can only show less, or other bytes.
  void hand_on(std::size_t peer, std::string const& target, federation::PeerAnswer& answer);

 private:
  struct Asked {
    std::size_t peer = 0;
    std::string const& target;
    store::LeafReader& leaves;
    store::LogName name = store::LogName::data;
  };
  using Lie = std::function<bool(Asked const&, std::string&)>;  // false: it fits another question

  void lie(Asked const& asked, federation::PeerAnswer& answer);
  bool lie_about_checkpoint(Asked const& asked, std::string& body);
  bool lie_about_openings(std::string& body);
  static void reorder(std::string& body);
  void lie_about_bytes(federation::PeerAnswer& answer);
  [[nodiscard]] std::string note(store::LogName name, std::uint64_t size, core::Digest const& root) const;
  // The root of the leaves, or (`split`) as it would be with another last one.
  [[nodiscard]] core::Digest root(Asked const& asked, std::uint64_t size, bool split) const;
  void split(Asked const& asked, std::string& body) const;

  Founder const& founder_;
  test::Random& random_;
  History& history_;
  std::map<std::string, std::string> old_;         // checkpoints of others that it showed first, by where
  std::map<std::size_t, std::uint64_t> split_at_;  // by peer: from this size on it is shown another log
};

}  // namespace tocsin::simulation
