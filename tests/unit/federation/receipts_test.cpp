// What a receipt has to be before it is kept.
#include "server/federation/receipts.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/note.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using log::KeyType;

log::SignerKey key(std::string const& name, KeyType type) {
  return log::SignerKey::make(name, type, log::SigningKey::generate()).value();
}

struct World {
  log::SignerKey control = key("a.example/log/control", KeyType::signature);
  log::SignerKey applied = key(log::applied_name("b.example/log"), KeyType::cosignature);
  log::SignerKey freshness = key("a.example/log/freshness", KeyType::cosignature);
  log::Checkpoint checkpoint{"a.example/log/control", 7, core::Digest{1, 2, 3}};

  [[nodiscard]] std::string signed_note() const {
    auto note = log::sign_checkpoint(checkpoint, control).value();
    REQUIRE(note.add(log::cosign(freshness, note.text(), 1'700'000'000)).has_value());
    return note.format();
  }
  [[nodiscard]] std::string receipt() const {
    return write_receipt(signed_note(), control.verifier(), applied, 1'700'000'005).value();
  }
  [[nodiscard]] core::Result<OpenedReceipt> open(std::string const& body) const {
    return open_receipt(body, control.verifier(), applied.verifier(),
                        [](std::uint64_t size) -> core::Result<std::optional<core::Digest>> {
                          if (size > 9) return std::nullopt;
                          return core::Digest{1, 2, 3};
                        });
  }
};

TEST_CASE("a receipt says to where a peer applied the control log, and keeps two signatures",
          "[federation][receipts]") {
  World world;
  auto const opened = world.open(world.receipt()).value();
  CHECK(opened.size == 7);
  CHECK(opened.time_s == 1'700'000'005);
  auto const note = log::Note::parse(opened.note).value();
  REQUIRE(note.signatures().size() == 2);
  CHECK(note.signatures()[0].name == world.control.verifier().name());
  CHECK(note.signatures()[1].name == world.applied.verifier().name());
}

TEST_CASE("lines of others in a receipt are left out", "[federation][receipts]") {
  World world;
  auto note = log::Note::parse(world.receipt()).value();
  REQUIRE(note.add(log::cosign(world.freshness, note.text(), 1)).has_value());
  CHECK(log::Note::parse(world.open(note.format())->note)->signatures().size() == 2);
}

TEST_CASE("a receipt that another key signed is not the peer's", "[federation][receipts]") {
  World world;
  auto const own = world.applied.verifier();
  world.applied = key(own.name(), KeyType::cosignature);
  auto const forged = world.receipt();
  CHECK(open_receipt(forged, world.control.verifier(), own,
                     [](std::uint64_t) { return core::Result<std::optional<core::Digest>>(core::Digest{1, 2, 3}); })
            .error()
            .code == Code::forbidden);
  CHECK(world.open(world.signed_note()).error().code == Code::forbidden);  // nobody's
}

TEST_CASE("a checkpoint that this instance never signed is in conflict with its log", "[federation][receipts]") {
  World world, other;
  CHECK(world.open(other.receipt()).error().code == Code::conflict);  // another key of the log
  world.checkpoint.root[0] = 9;
  CHECK(world.open(world.receipt()).error().code == Code::conflict);  // another root
  world.checkpoint.root[0] = 1;
  world.checkpoint.size = 10;
  CHECK(world.open(world.receipt()).error().code == Code::conflict);  // more entries than were signed
}

TEST_CASE("what is no note or no checkpoint is malformed", "[federation][receipts]") {
  World world;
  CHECK(world.open("").error().code == Code::note_malformed);
  CHECK(world.open("hello\n").error().code == Code::note_malformed);
  auto note = log::Note::from_text("hello\n").value();
  REQUIRE(note.add(log::sign(world.control, note.text())).has_value());
  CHECK(world.open(note.format()).error().code == Code::checkpoint_malformed);
  auto twice = log::Note::parse(world.receipt()).value();
  REQUIRE(twice.add(log::cosign(world.applied, twice.text(), 1'700'000'006)).has_value());
  CHECK(world.open(twice.format()).error().code == Code::note_malformed);
}

}  // namespace
}  // namespace tocsin::federation
