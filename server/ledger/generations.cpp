#include "server/ledger/generations.hpp"

#include <algorithm>
#include <stdexcept>

namespace tocsin::ledger {

Generations::Generations() = default;

Generations::~Generations() {
  for (auto& chunk : chunks_) delete chunk.load();
}

void Generations::touch(std::int64_t sequence) {
  auto block = static_cast<std::size_t>(sequence / kBlock);
  if (block / kChunk >= kChunks) throw std::length_error("sequence beyond the generations");
  auto& slot = chunks_[block / kChunk];
  Chunk* chunk = slot.load(std::memory_order_acquire);
  if (chunk == nullptr) {
    chunk = new Chunk{};  // owned by the slot; the commit thread is the only writer
    slot.store(chunk, std::memory_order_release);
    used_.store(std::max(used_.load(), block / kChunk + 1), std::memory_order_release);
  }
  (*chunk)[block % kChunk].fetch_add(1, std::memory_order_release);
}

void Generations::grow(std::int64_t collection) {
  growth_[static_cast<std::size_t>(collection) % kCollections].fetch_add(1, std::memory_order_release);
}

std::uint64_t Generations::stamp(std::int64_t after, std::int64_t last) const {
  std::uint64_t sum = 0;
  for (auto block = static_cast<std::size_t>(after / kBlock); block <= static_cast<std::size_t>(last / kBlock);
       ++block) {
    if (block / kChunk >= used_.load(std::memory_order_acquire)) break;
    Chunk const* chunk = chunks_[block / kChunk].load(std::memory_order_acquire);
    if (chunk == nullptr) {
      block = (block / kChunk + 1) * kChunk - 1;  // nothing in this chunk ever changed
      continue;
    }
    sum += (*chunk)[block % kChunk].load(std::memory_order_acquire);
  }
  return sum;
}

std::uint64_t Generations::growth(std::int64_t collection) const {
  return growth_[static_cast<std::size_t>(collection) % kCollections].load(std::memory_order_acquire);
}

}  // namespace tocsin::ledger
