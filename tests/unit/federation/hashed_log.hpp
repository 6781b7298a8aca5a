// The data log of a peer as hashes alone: nothing of it is opened, so that it may be long. Owned by a test; one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/log/proofs.hpp"
#include "server/federation/transport.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::test {

// Nodes of as many leaves, each of its own.
[[nodiscard]] log::HashReader different_leaves(std::size_t count);
// Nodes of any number of leaves: every pack is like the others.
[[nodiscard]] log::HashReader equal_packs();

class HashedLog final : public federation::Transport {
 public:
  HashedLog(log::HashReader nodes, std::uint64_t size) : size(size), nodes_(std::move(nodes)) {}

  [[nodiscard]] log::Manifest const& manifest() { return instance_.manifest(); }
  [[nodiscard]] core::Digest root(std::uint64_t of) const { return log::tree_root(nodes_, of).value(); }
  [[nodiscard]] std::string checkpoint() const;
  [[nodiscard]] std::size_t leaf_tiles_asked() const;

  std::uint64_t size;
  std::function<std::optional<core::Result<federation::PeerAnswer>>(std::string const& target)> instead;
  std::vector<std::string> asked;

  core::Result<federation::PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                                           std::chrono::milliseconds timeout) override;
  core::Result<federation::PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                            std::chrono::milliseconds) override;
  void stop() override {}

 private:
  [[nodiscard]] std::string note(std::string const& log, log::Tree const& tree) const;
  [[nodiscard]] std::string answer(std::string const& target) const;

  OtherInstance instance_{"ibis.example"};
  log::HashReader const nodes_;
};

}  // namespace tocsin::test
