#include "server/ledger/log_proofs.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

log::Opening opening(std::uint64_t index) {
  return {core::Digest{1}, core::Salt{2}, "object " + std::to_string(index)};
}

// A log of that many objects, published as tiles.
struct World {
  explicit World(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(log::leaf(opening(i).entry()));
    checkpoint = note_of(size);
  }

  [[nodiscard]] std::string note_of(std::uint64_t size) const {
    auto const key =
        log::SignerKey::make("hub.example/log", log::KeyType::signature, log::SigningKey::from_seed({7})).value();
    auto const known = std::span(leaves).first(size);
    return log::sign_checkpoint({"hub.example/log", size, log::tree_root(log::reader_of(known), size).value()}, key)
        .value()
        .format();
  }
  [[nodiscard]] log::TileSource tiles() {
    return [this](log::TilePath const& tile) -> core::Result<std::string> {
      ++read;
      std::string out;
      std::uint64_t const width = std::uint64_t{1} << (8 * tile.level);
      for (std::uint64_t i = tile.index * 256; i < tile.index * 256 + tile.width; ++i) {
        auto const below = std::span<core::Digest const>(leaves).subspan(i * width, width);
        out += core::view(log::tree_root(log::reader_of(below), width).value());
      }
      return out;
    };
  }

  std::vector<core::Digest> leaves;
  std::string checkpoint;
  std::size_t read = 0;
};

}  // namespace

TEST_CASE("every version of the log has a proof that holds", "[ledger][proof]") {
  World world(70);
  auto const signed_tree = log::parse_checkpoint(log::Note::parse(world.checkpoint).value().text()).value();
  for (std::uint64_t i = 0; i < 70; ++i) {
    auto const proof = ledger::prove({i, opening(i)}, world.checkpoint, world.tiles()).value();
    CHECK(proof.index == i);
    CHECK(proof.checkpoint == world.checkpoint);
    auto const opened = log::Opening::parse(proof.extra).value();
    CHECK(opened == opening(i));
    CHECK(log::verify_inclusion(log::leaf(opened.entry()), i, {signed_tree.size, signed_tree.root}, proof.path)
              .has_value());
  }
}

TEST_CASE("a proof reads a few tiles, however long the log is", "[ledger][proof]") {
  World world(2'000);
  (void)ledger::prove({1'234, opening(1'234)}, world.checkpoint, world.tiles()).value();
  CHECK(world.read <= 3);
}

TEST_CASE("a version that is younger than the checkpoint has no proof yet", "[ledger][proof]") {
  World world(8);
  auto const early = world.note_of(5);
  CHECK(ledger::prove({4, opening(4)}, early, world.tiles()).has_value());
  auto const refused = ledger::prove({5, opening(5)}, early, world.tiles());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::unavailable);
}

TEST_CASE("what is stored and not what was logged gets no proof", "[ledger][proof]") {
  World world(8);
  auto const refused = ledger::prove({3, opening(4)}, world.checkpoint, world.tiles());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::log_inconsistent);
}

TEST_CASE("a tile that cannot be read is told as that", "[ledger][proof]") {
  World world(8);
  auto const broken = [](log::TilePath const&) -> core::Result<std::string> {
    return core::fail(core::Code::storage_failed, "The disk is gone.");
  };
  auto const refused = ledger::prove({3, opening(3)}, world.checkpoint, broken);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == core::Code::storage_failed);
}

TEST_CASE("what is no signed checkpoint bears no proof", "[ledger][proof]") {
  World world(3);
  auto const key =
      log::SignerKey::make("hub.example/log", log::KeyType::signature, log::SigningKey::generate()).value();
  auto another = log::Note::from_text("no checkpoint\n").value();
  REQUIRE(another.add(log::sign(key, another.text())).has_value());
  CHECK(ledger::prove({1, opening(1)}, "no note", world.tiles()).error().code == core::Code::note_malformed);
  CHECK(ledger::prove({1, opening(1)}, another.format(), world.tiles()).error().code ==
        core::Code::checkpoint_malformed);
  CHECK(world.read == 0);
}
