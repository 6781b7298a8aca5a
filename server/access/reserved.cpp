#include "server/access/reserved.hpp"

#include <vector>

#include "schema/kinds/reserved_blocks.hpp"

namespace tocsin::access {
namespace {

constexpr bool kDocumentation = true;

struct Numbers {
  AsNumber first, last;
  Reservation reservation;
};
constexpr Numbers kNumbers[] = {{0, 0, {"no autonomous system"}},
                                {23'456, 23'456, {"transition to longer numbers"}},
                                {64'496, 64'511, {"documentation", kDocumentation}},
                                {64'512, 65'534, {"private use"}},
                                {65'535, 65'535, {"well-known communities"}},
                                {65'536, 65'551, {"documentation", kDocumentation}},
                                {65'552, 131'071, {"the future"}},
                                {4'200'000'000, 4'294'967'294, {"private use"}},
                                {4'294'967'295, 4'294'967'295, {"no autonomous system"}}};

struct Block {
  Network network;
  Reservation reservation;
};
std::vector<Block> parsed_blocks() {
  std::vector<Block> out;
  for (auto const& block : kinds::kReservedBlocks)
    out.push_back({Network::parse(block.network).value(), {block.what, block.documentation}});
  return out;
}

}  // namespace

Reservation const* reservation_of(Network const& network) {
  static std::vector<Block> const blocks = parsed_blocks();
  for (auto const& block : blocks)
    if (block.network.contains(network) || network.contains(block.network)) return &block.reservation;
  return nullptr;
}

Reservation const* reservation_of(AsNumber number) {
  for (auto const& block : kNumbers)
    if (number >= block.first && number <= block.last) return &block.reservation;
  return nullptr;
}

}  // namespace tocsin::access
