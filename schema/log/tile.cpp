#include "schema/log/tile.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "schema/log/decimal.hpp"

namespace tocsin::log {
namespace {

constexpr unsigned kTileBits = 8, kHashBytes = 32;
constexpr std::string_view kTile = "tile/", kEntries = "entries", kPartial = ".p/";

// Hashes on a level of a log.
std::uint64_t hashes_at(unsigned level, std::uint64_t size) { return level >= 8 ? 0 : size >> (kTileBits * level); }

std::string grouped(std::uint64_t index) {
  std::string digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 3) {
    bool const last = i + 3 == digits.size();
    out.append(last ? "" : "x").append(digits, i, 3).append(last ? "" : "/");
  }
  return out;
}

// The digits of "x001/234/067" or "x001/x234/067", as a number; whether groups are marked well is left to the
// comparison with the canonical form.
std::optional<std::uint64_t> ungrouped(std::string_view text) {
  constexpr std::size_t kLongest = 40;  // seven groups and their marks are 34
  if (text.size() > kLongest) return std::nullopt;
  std::string digits;
  for (char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.empty()) return std::nullopt;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return parse_decimal(digits);
}

std::unexpected<core::Error> bad_tile() {
  return core::fail(core::Code::proof_invalid, "A tile has another number of hashes than its path says.");
}

}  // namespace

std::string format_tile_path(TilePath const& tile) {
  std::string out(kTile);
  out += tile.kind == TilePath::Kind::entries ? kEntries : std::to_string(tile.level);
  out.append("/").append(grouped(tile.index));
  if (tile.width != kTileWidth) out.append(kPartial).append(std::to_string(tile.width));
  return out;
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
  TilePath tile;
  std::string_view rest = path;
  if (!rest.starts_with(kTile)) return std::nullopt;
  rest.remove_prefix(kTile.size());
  auto const slash = std::min(rest.find('/'), rest.size());
  if (rest.substr(0, slash) == kEntries) {
    tile.kind = TilePath::Kind::entries;
  } else {
    auto const level = parse_decimal(rest.substr(0, slash));
    if (!level || *level > kMaxTileLevel) return std::nullopt;
    tile.level = static_cast<unsigned>(*level);
  }
  rest.remove_prefix(slash);
  if (auto const mark = rest.find(kPartial); mark != std::string_view::npos) {
    auto const width = parse_decimal(rest.substr(mark + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    rest = rest.substr(0, mark);
  }
  auto const index = ungrouped(rest);
  if (!index) return std::nullopt;
  tile.index = *index;
  if (format_tile_path(tile) != path) return std::nullopt;
  return tile;
}

TileCount tiles_at(unsigned level, std::uint64_t size) {
  std::uint64_t const hashes = hashes_at(level, size);
  return {hashes / kTileWidth, static_cast<unsigned>(hashes % kTileWidth)};
}

bool is_settled(TilePath const& tile, std::uint64_t size) {
  auto const [full, partial] = tiles_at(tile.level, size);
  return tile.index < full || (tile.index == full && tile.width <= partial);
}

NodePlace place_of(Node node, std::uint64_t size) {
  NodePlace place;
  unsigned const inside = node.level % kTileBits;  // levels that the tile leaves to be folded
  place.tile.level = node.level / kTileBits;
  place.tile.index = node.index >> (kTileBits - inside);
  place.count = 1u << inside;
  place.first = static_cast<unsigned>(node.index % (kTileWidth >> inside)) << inside;
  auto const [full, partial] = tiles_at(place.tile.level, size);
  place.tile.width = place.tile.index < full ? kTileWidth : partial;
  return place;
}

HashReader reader_of(TileSource tiles, std::uint64_t size) {
  return [tiles = std::move(tiles), size](Node node) -> core::Result<core::Digest> {
    NodePlace const place = place_of(node, size);
    if (place.first + place.count > place.tile.width)
      return core::fail(core::Code::proof_invalid, "A node beyond the end of the log was asked for.");
    auto const bytes = tiles(place.tile);
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->size() != std::size_t{place.tile.width} * kHashBytes) return bad_tile();
    std::vector<core::Digest> hashes;
    for (unsigned i = place.first; i < place.first + place.count; ++i)
      hashes.push_back(
          *core::to_array<kHashBytes>(std::string_view(*bytes).substr(std::size_t{i} * kHashBytes, kHashBytes)));
    auto const levels = node.level % kTileBits;
    return reader_of(hashes)({levels, 0});
  };
}

void append_to_bundle(std::string& bundle, std::string_view entry) {
  if (entry.size() > 0xFFFF) throw std::length_error("a log entry has at most 65,535 bytes");
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 0xFF);
  bundle += entry;
}

std::optional<std::vector<std::string_view>> split_bundle(std::string_view bundle) {
  std::vector<std::string_view> entries;
  while (!bundle.empty()) {
    if (bundle.size() < 2) return std::nullopt;
    auto const length =
        std::size_t{static_cast<std::uint8_t>(bundle[0])} << 8 | std::size_t{static_cast<std::uint8_t>(bundle[1])};
    if (bundle.size() < 2 + length) return std::nullopt;
    entries.push_back(bundle.substr(2, length));
    bundle.remove_prefix(2 + length);
  }
  return entries;
}

std::optional<std::string> beginning_of(TilePath const& full, std::string_view bytes, unsigned width) {
  if (full.kind == TilePath::Kind::hashes) {
    if (bytes.size() < std::size_t{width} * kHashBytes) return std::nullopt;
    return std::string(bytes.substr(0, std::size_t{width} * kHashBytes));
  }
  auto const entries = split_bundle(bytes);
  if (!entries || entries->size() < width) return std::nullopt;
  std::string out;
  for (unsigned i = 0; i < width; ++i) append_to_bundle(out, (*entries)[i]);
  return out;
}

}  // namespace tocsin::log
