// When did something last change in a stretch of sequences? Counters by blocks of 1,024 publications and by collection;
// a cached page is good as long as the sum over what it was made from stands. Owned by app; bumped by the commit
// thread, read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace tocsin::ledger {

class Generations {
 public:
  static constexpr std::int64_t kBlock = 1'024;

  Generations();
  ~Generations();

  // An older publication changed (superseded, ended, shown).
  void touch(std::int64_t sequence);
  // A collection has new publications.
  void grow(std::int64_t collection);

  // The sum over the blocks of (after, last]; counters only grow, so an equal sum means that nothing changed.
  [[nodiscard]] std::uint64_t stamp(std::int64_t after, std::int64_t last) const;
  // For a page that ends where the collection ends.
  [[nodiscard]] std::uint64_t growth(std::int64_t collection) const;

 private:
  static constexpr std::size_t kChunk = 4'096, kChunks = 4'096, kCollections = 1'024;
  using Chunk = std::array<std::atomic<std::uint64_t>, kChunk>;
  std::array<std::atomic<Chunk*>, kChunks> chunks_{};
  std::atomic<std::size_t> used_{0};  // chunks beyond it were never touched
  // Collections share a counter when there are more than kCollections: then pages are made again more often than they
  // need.
  std::array<std::atomic<std::uint64_t>, kCollections> growth_{};
};

}  // namespace tocsin::ledger
