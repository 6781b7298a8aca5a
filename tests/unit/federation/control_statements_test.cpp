// What entries of a peer's control log are read as.
#include "server/federation/control_statements.hpp"

#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using Effect = store::ControlDelivery::Effect;

constexpr auto kOrigin = "b.example/log";

log::SignerKey key(std::string const& name = kOrigin) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
}

struct World {
  log::SignerKey signer = key(), root = key("b.example/root");

  [[nodiscard]] log::OpenedEntry entry(std::string const& op, std::string body, std::uint64_t data_size = 100) const {
    log::OpenedEntry out;
    out.index = 5;
    out.header = log::ControlHeader{op, {kOrigin, data_size, log::empty_root()}}.text();
    out.body = std::move(body);
    return out;
  }
  [[nodiscard]] std::string recall(log::RecallAction action, std::vector<std::uint64_t> indices) const {
    return log::sign_recall({signer.verifier(), std::move(indices), action, log::RecallReason::wrong, 20, 10}, signer)
        ->format();
  }
  [[nodiscard]] core::Result<ControlStatement> read(log::OpenedEntry const& entry) const {
    return read_control(entry, kOrigin, root.verifier());
  }
};

TEST_CASE("recalls and erasures are read with what they do to which entries", "[federation][control]") {
  World world;
  for (auto const& [action, effect] : {std::pair{log::RecallAction::suppress, Effect::suppress},
                                       {log::RecallAction::withdraw, Effect::withdraw},
                                       {log::RecallAction::restore, Effect::restore}}) {
    auto const read = world.read(world.entry("recall", world.recall(action, {3, 99}))).value();
    CHECK(read.entry.effect == effect);
    CHECK(read.entry.indices == std::vector<std::uint64_t>{3, 99});
    CHECK(read.entry.said_s == 10);
    CHECK((read.entry.position == 5 && read.entry.op == "recall" && read.entry.void_because.empty()));
    CHECK(read.data.size == 100);
  }
  auto const erased = world.read(world.entry("erase", log::sign_erasure({7}, world.signer, 11)->format())).value();
  CHECK(erased.entry.effect == Effect::erase);
  CHECK(erased.entry.indices == std::vector<std::uint64_t>{7});
}

TEST_CASE("a recall of entries that the log did not have is void, and an erasure of them holds",
          "[federation][control]") {
  World world;
  auto const beyond = world.read(world.entry("recall", world.recall(log::RecallAction::suppress, {100}))).value();
  CHECK((!beyond.entry.void_because.empty() && beyond.entry.indices.empty()));
  CHECK(world.read(world.entry("erase", log::sign_erasure({100}, world.signer, 11)->format()))
            ->entry.void_because.empty());
}

TEST_CASE("what only a later version knows is void, and does not stop the log", "[federation][control]") {
  World world;
  auto const read = world.read(world.entry("epoch", "anything")).value();
  CHECK(read.entry.effect == Effect::none);
  CHECK_FALSE(read.entry.void_because.empty());
}

TEST_CASE("changes of keys and losses are read, and do nothing to entries", "[federation][control]") {
  World world;
  auto const change = log::sign_key_change(key(), key(), 12).value();
  CHECK(world.read(world.entry("key", change.format()))->entry.effect == Effect::none);
  log::Loss const loss{{kOrigin, 3, log::empty_root()}, world.signer.verifier(), 13};
  auto const read = world.read(world.entry("loss", log::sign_loss(loss, world.root)->format())).value();
  CHECK(read.entry.effect == Effect::none);
  CHECK(read.entry.lost_before == 100);  // where the log goes on, as the header has it
  log::Loss const of_nothing{{kOrigin, 100, log::empty_root()}, world.signer.verifier(), 13};
  CHECK(world.read(world.entry("loss", log::sign_loss(of_nothing, world.root)->format()))->entry.lost_before == 0);
}

TEST_CASE("a statement that does not open stops the log", "[federation][control]") {
  World world;
  auto const refused = [&](log::OpenedEntry const& entry) {
    auto const read = world.read(entry);
    return !read && read.error().code == Code::openings_malformed;
  };
  auto const recall = world.recall(log::RecallAction::suppress, {3});
  CHECK(refused(world.entry("recall", recall + "x")));
  CHECK(refused(world.entry("erase", recall)));
  CHECK(refused(world.entry(
      "loss", log::sign_loss({{kOrigin, 3, log::empty_root()}, world.signer.verifier(), 13}, key())->format())));
  auto other = world.entry("recall", recall);
  other.header = log::ControlHeader{"recall", {"c.example/log", 100, log::empty_root()}}.text();
  CHECK(refused(other));
  other.header = "{}";
  CHECK(refused(other));
  world.signer = key("c.example/log");
  CHECK(refused(world.entry("recall", world.recall(log::RecallAction::suppress, {3}))));
  CHECK(refused(world.entry("erase", log::sign_erasure({3}, world.signer, 1)->format())));
}

}  // namespace
}  // namespace tocsin::federation
