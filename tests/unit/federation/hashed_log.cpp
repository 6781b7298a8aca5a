#include "tests/unit/federation/hashed_log.hpp"

#include <algorithm>

#include "schema/log/checkpoint.hpp"
#include "schema/log/following.hpp"
#include "schema/log/openings.hpp"
#include "schema/log/tile.hpp"
#include "schema/log/upper_tiles.hpp"

namespace tocsin::test {
namespace {

constexpr unsigned kPackLevel = 16;

struct Tiles {
  std::vector<core::Digest> leaves;
  log::UpperTiles upper;

  explicit Tiles(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      leaves.push_back(log::leaf_hash(std::to_string(i)));
      upper.append(leaves.back());
    }
  }
  [[nodiscard]] std::string tile(log::TilePath const& path) const {
    if (path.level > 0) return upper.tile(path);
    std::string out;
    for (std::size_t i = 0; i < path.width; ++i) out += core::view(leaves.at(path.index * log::kTileWidth + i));
    return out;
  }
};

std::uint64_t number(std::string const& target, std::string const& name) {
  return std::stoull(target.substr(target.find(name + "=") + name.size() + 1));
}

}  // namespace

log::HashReader different_leaves(std::size_t count) {
  auto const tiles = std::make_shared<Tiles const>(count);
  return log::reader_of([tiles](log::TilePath const& path) { return core::Result<std::string>(tiles->tile(path)); },
                        count);
}

log::HashReader equal_packs() {
  auto const pack = different_leaves(log::kPackLeaves);
  std::vector<core::Digest> above{pack({kPackLevel, 0}).value()};
  while (above.size() < log::kMaxTileLevel) above.push_back(log::node_hash(above.back(), above.back()));
  return [pack, above](log::Node node) -> core::Result<core::Digest> {
    if (node.level >= kPackLevel) return above.at(node.level - kPackLevel);
    return pack({node.level, node.index % (log::kPackLeaves >> node.level)});
  };
}

std::size_t HashedLog::leaf_tiles_asked() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(asked, [](auto const& target) { return target.starts_with("/log/data/tile/0/"); }));
}

std::string HashedLog::note(std::string const& log, log::Tree const& tree) const {
  auto const key = instance_.log_key().named(log).value();
  return log::sign_checkpoint({log, tree.size, tree.root}, key).value().format();
}

std::string HashedLog::checkpoint() const { return note(instance_.log_key().verifier().name(), {size, root(size)}); }

std::string HashedLog::answer(std::string const& target) const {
  constexpr std::string_view kData = "/log/data/";
  auto const& origin = instance_.log_key().verifier().name();
  if (!target.starts_with(kData)) return note(log::control_origin(origin), {0, log::empty_root()});
  auto const rest = target.substr(kData.size());
  if (rest.starts_with("checkpoint")) return checkpoint();
  if (rest.starts_with("openings"))
    return log::format_openings({origin, {}, number(rest, "from"), number(rest, "to"), {}});
  auto const path = log::parse_tile_path(rest).value();
  std::string out;
  for (unsigned i = 0; i < path.width; ++i)
    out += core::view(nodes_({8 * path.level, path.index * log::kTileWidth + i}).value());
  return out;
}

core::Result<federation::PeerAnswer> HashedLog::get(std::string const& target, std::size_t most_bytes,
                                                    std::chrono::milliseconds) {
  asked.push_back(target);
  if (instead)
    if (auto other = instead(target)) return *other;
  auto body = answer(target);
  if (body.size() > most_bytes) return core::fail(core::Code::io_failed, "Too large.");
  return federation::PeerAnswer{200, std::move(body)};
}

core::Result<federation::PeerAnswer> HashedLog::post(std::string const&, std::string const&, std::string const&,
                                                     std::size_t, std::chrono::milliseconds) {
  return federation::PeerAnswer{204, ""};
}

}  // namespace tocsin::test
