// How a restored log goes on by what peers say that they saw of it, and what is not believed.
#include "server/app/newest_seen.hpp"

#include <map>

#include "schema/core/digest.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/control.hpp"
#include "schema/log/openings.hpp"
#include "server/ledger/control.hpp"
#include "server/store/backup.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/other_instance.hpp"

using namespace tocsin;
using core::Code;
using store::LogName;

namespace {

constexpr char const* kOrigin = "hub.example/log";

log::SignerKey key(std::string const& name = kOrigin) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
}

std::string leaves(std::size_t count, std::string const& of = "") {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += core::view(core::sha256(of + std::to_string(i)));
  return out;
}

log::Checkpoint checkpoint(std::string const& origin, std::string_view leaves) {
  log::CompactRange range;
  for (; !leaves.empty(); leaves.remove_prefix(32)) range.append(*core::to_array<32>(leaves.substr(0, 32)));
  return {origin, range.size(), range.root()};
}

std::string path(std::string const& origin) { return "/witness/" + log::origin_hash(origin) + "/"; }

// Answers with what lies at each path, and 404 to all else; unreachable when told so.
struct Files final : federation::Transport {
  core::Result<federation::PeerAnswer> get(std::string const& target, std::size_t, std::chrono::milliseconds) override {
    if (down) return core::fail(Code::io_failed, "It is down.");
    auto const file = files.find(target);
    if (file == files.end()) return federation::PeerAnswer{404, ""};
    return federation::PeerAnswer{200, file->second};
  }
  core::Result<federation::PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                            std::chrono::milliseconds) override {
    return core::fail(Code::internal, "");
  }
  void stop() override {}

  // That it saw these leaves of the data log signed, and holds as many of them as `held`.
  void saw(std::string const& all, log::SignerKey const& by, std::size_t held = 256) {
    auto const said = checkpoint(kOrigin, all);
    files[path(kOrigin) + "checkpoint"] = log::sign_checkpoint(said, by).value().format();
    if (said.size <= held) files[path(kOrigin) + "tile/0/000.p/" + std::to_string(said.size)] = all;
  }

  std::map<std::string, std::string> files;
  bool down = false;
};

// A backup whose data log has three leaves, and peers that are asked.
struct World {
  test::Folder folder;
  log::SignerKey signer = key(), root = key("hub.example/root");
  std::vector<app::ReachedPeer> peers;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    auto database = store::open_sqlite({folder / "db", 8, 8}).value();
    REQUIRE(database->control().take_back({leaves(3), {}}, 1).has_value());
  }
  Files& peer(std::string const& name) {
    auto files = std::make_unique<Files>();
    auto& out = *files;
    peers.push_back({name, test::OtherInstance(name).manifest(), true, std::move(files)});
    return out;
  }
  core::Result<app::NewestSeen> ask() {
    auto logs = store::open_sqlite_log(folder / "db").value();
    return app::newest_seen(*logs, kOrigin, {signer.verifier()}, root.verifier(), peers);
  }
  core::Error refused() {
    auto const seen = ask();
    REQUIRE_FALSE(seen.has_value());
    return seen.error();
  }
};

}  // namespace

TEST_CASE("where nobody saw more, nothing is taken back", "[app][restore]") {
  World world;
  world.peer("ibis").saw(leaves(2), world.signer);
  (void)world.peer("wren");
  auto const seen = world.ask().value();
  CHECK(seen.data == checkpoint(kOrigin, leaves(3)));
  CHECK((seen.beyond.leaves.empty() && seen.beyond.control.empty()));
  REQUIRE(seen.peers.size() == 2);
  CHECK((seen.peers[0].data == 2 && seen.peers[1].data == 0));
}

TEST_CASE("the log goes on behind the newest that anybody saw", "[app][restore]") {
  World world;
  world.peer("ibis").saw(leaves(5), world.signer);
  world.peer("wren").saw(leaves(7), world.signer);
  auto const seen = world.ask().value();
  CHECK(seen.data == checkpoint(kOrigin, leaves(7)));
  CHECK(seen.beyond.leaves == leaves(7).substr(3 * 32));
}

TEST_CASE("the control log comes back whole, with the key that it names", "[app][restore]") {
  World world;
  auto const next = key();
  auto const entry =
      ledger::control_entry("key", checkpoint(kOrigin, leaves(3)), log::sign_key_change(world.signer, next, 9).value());
  auto& ibis = world.peer("ibis");
  auto const control = log::control_origin(kOrigin);
  log::Openings const openings{
      control, {}, 0, 1, {{0, entry.header, entry.header_salt, entry.body_salt, {}, entry.body}}};
  ibis.files[path(control) + "openings?from=0&to=1"] = log::format_openings(openings);
  ibis.saw(leaves(4), next);
  auto const said = checkpoint(control, core::view(entry.leaf));
  auto const sign = [&](log::SignerKey const& by) {
    ibis.files[path(control) + "checkpoint"] = log::sign_checkpoint(said, by.named(control).value()).value().format();
  };
  sign(next);
  auto const seen = world.ask().value();
  CHECK((seen.control == said && seen.data.size == 4));
  REQUIRE(seen.beyond.control.size() == 1);
  CHECK((seen.beyond.control[0].body == entry.body && seen.beyond.control[0].entry == entry.entry));
  CHECK(seen.beyond.control[0].leaf == entry.leaf);
  sign(key());
  CHECK(world.refused().code == Code::note_unverified);
}

TEST_CASE("what no key of the instance signed is not believed", "[app][restore]") {
  World world;
  world.peer("ibis").saw(leaves(5), key());
  auto const refused = world.refused();
  CHECK(refused.code == Code::note_unverified);
  CHECK(refused.detail.starts_with("ibis shows a checkpoint "));
}

TEST_CASE("two logs of one instance stop it", "[app][restore]") {
  World world;
  world.peer("ibis").saw(leaves(2, "other"), world.signer);
  CHECK(world.refused().code == Code::log_forked);
  world.peers.clear();
  world.peer("ibis").saw(leaves(5, "other"), world.signer);
  CHECK(world.refused().code == Code::log_forked);
  world.peers.clear();
  world.peer("ibis").saw(leaves(5), world.signer);
  world.peer("wren").saw(leaves(3) + leaves(1, "other"), world.signer);
  CHECK(world.refused().code == Code::log_forked);
}

TEST_CASE("without the leaves that a peer saw nothing goes on", "[app][restore]") {
  World world;
  world.peer("ibis").saw(leaves(9), world.signer, 0);
  world.peer("wren").saw(leaves(5), world.signer);
  auto const refused = world.refused();
  CHECK(refused.code == Code::not_found);
  CHECK(refused.detail.contains("ibis saw this instance's log with 9 entries, and no peer gives back"));
}

TEST_CASE("every peer that cannot be asked is named", "[app][restore]") {
  World world;
  world.peer("ibis").down = true;
  world.peer("wren").saw(leaves(5), world.signer);
  world.peer("lark").down = true;
  auto const refused = world.refused();
  CHECK(refused.code == Code::unavailable);
  CHECK((refused.detail.contains("ibis: It is down.") && refused.detail.contains("lark: It is down.")));
  CHECK_FALSE(refused.detail.contains("wren"));
}
