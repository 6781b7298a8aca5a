// A bundle that is split is what joining its entries gives, and so is its beginning.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/tile.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const entries = split_bundle(bytes);
  TilePath const full{TilePath::Kind::entries, 0, 0, kTileWidth};
  if (!entries) {
    require(!beginning_of(full, bytes, 1));
    return 0;
  }
  std::string joined;
  for (auto entry : *entries) append_to_bundle(joined, entry);
  require(joined == bytes);
  auto const first = beginning_of(full, bytes, 1);
  require(first.has_value() == !entries->empty());
  if (first) require(bytes.starts_with(*first) && split_bundle(*first)->size() == 1);
  return 0;
}
