// A peer's log of any length, whose entries are made by their number: what its instance would answer, without one.
// Its control log is empty. Owned by a program that measures; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "schema/log/compact_range.hpp"
#include "schema/log/openings.hpp"
#include "schema/log/upper_tiles.hpp"
#include "server/federation/transport.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::bench {

class GeneratedLog final : public federation::Transport {
 public:
  explicit GeneratedLog(std::uint64_t entries);

  [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }
  [[nodiscard]] test::OtherInstance& instance() { return instance_; }
  [[nodiscard]] log::CompactRange const& range() const { return range_; }
  // An indicator of 684 bytes or a few less, as tests/bench/submit.lua sends them, and what else its leaf is made of.
  [[nodiscard]] log::OpenedEntry entry(std::uint64_t index) const;
  [[nodiscard]] std::string openings(std::uint64_t from, std::uint64_t to) const;  // kMostOpened at most
  [[nodiscard]] std::string leaves(std::uint64_t first, std::uint64_t end) const;

  // What answering took: another machine's time, where there is one.
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(spent_).count(); }

  core::Result<federation::PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                                           std::chrono::milliseconds timeout) override;
  core::Result<federation::PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                            std::chrono::milliseconds) override;
  void stop() override {}

 private:
  [[nodiscard]] std::string answer(std::string const& target) const;
  [[nodiscard]] std::string tile(log::TilePath const& path) const;

  test::OtherInstance instance_{"ibis.example"};
  std::string const origin_, author_;
  std::vector<core::Digest> leaves_;
  log::UpperTiles upper_;
  log::CompactRange range_;
  std::string data_note_, control_note_;
  std::chrono::steady_clock::duration spent_{};
};

}  // namespace tocsin::bench
