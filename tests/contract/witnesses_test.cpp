// Evidence against peers and what witnesses saw, in the store.
#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using store::KeptEvidence;
using store::PeerState;
using store::Witnessed;

namespace {

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 4}).value();
    store::Peer peer;
    peer.name = "ibis";
    peer.root = "root";
    peer.origin = "ibis.example/log";
    peer.version = 1;
    REQUIRE(database->peers().add(peer, {{core::Digest{1}}, INT64_MAX}, {core::Uuid{1}, {}, INT64_MAX, false}, 1));
    REQUIRE(database->peers().set_state("ibis", PeerState::active, "", 2));
  }
  store::Peer peer() { return database->peers().peers().value().at(0); }
  store::WitnessStore& witnesses() { return database->witnesses(); }
};

KeptEvidence evidence(std::string const& said, bool one_size = true) {
  return {"ibis.example/log", one_size, core::sha256(said), "evidence of " + said, 7};
}

std::size_t quarantines(store::Database& database) {
  std::size_t count = 0;
  auto const counting = [&](store::AuditRow const& row) {
    if (row.entry.find("\"peer.quarantine\"") != std::string_view::npos) ++count;
    return true;
  };
  REQUIRE(database.open_reader().value()->audit().visit({}, counting).has_value());
  return count;
}

}  // namespace

TEST_CASE("evidence is kept, and quarantines the peer, once", "[store][witnesses]") {
  World world;
  CHECK(world.witnesses().quarantine("ibis", evidence("one"), "its log was forked") == true);
  CHECK((world.peer().state == PeerState::quarantined && world.peer().reason == "its log was forked"));
  CHECK(world.peer().since_us == 7);
  CHECK(quarantines(*world.database) == 1);
  REQUIRE(world.database->peers().set_state("ibis", PeerState::active, "", 8));
  CHECK(world.witnesses().quarantine("ibis", evidence("one"), "its log was forked") == false);
  CHECK(world.peer().state == PeerState::active);
  CHECK(quarantines(*world.database) == 1);
  CHECK(world.witnesses().quarantine("ibis", evidence("two", false), "rewritten") == true);
  CHECK(world.peer().state == PeerState::quarantined);
  auto const kept = world.witnesses().evidence("ibis").value();
  REQUIRE(kept.size() == 2);
  CHECK((kept[0].text == "evidence of one" && kept[0].one_size && kept[0].found_us == 7));
  CHECK((kept[1].said == core::sha256("two") && !kept[1].one_size && kept[1].origin == "ibis.example/log"));
}

TEST_CASE("evidence against nobody is not kept, and that of a removed peer stays", "[store][witnesses]") {
  World world;
  CHECK(world.witnesses().quarantine("heron", evidence("one"), "why").error().code == core::Code::not_found);
  CHECK(world.witnesses().evidence("heron").value().empty());
  REQUIRE(world.witnesses().quarantine("ibis", evidence("one"), "why") == true);
  REQUIRE(world.database->peers().set_state("ibis", PeerState::removed, "", 9));
  CHECK(world.witnesses().evidence("ibis").value().size() == 1);
  CHECK(world.witnesses().quarantine("ibis", evidence("two"), "why").error().code == core::Code::not_found);
  CHECK(world.peer().state == PeerState::removed);
  CHECK(world.witnesses().evidence("ibis").value().size() == 1);
}

TEST_CASE("the newest checkpoint that was cosigned for somebody is kept", "[store][witnesses]") {
  World world;
  auto& store = world.witnesses();
  CHECK(store.cosigned("ibis.example/log") == "");
  REQUIRE(store.cosigned("ibis.example/log", "first").has_value());
  REQUIRE(store.cosigned("ibis.example/log", "second").has_value());
  CHECK(store.cosigned("ibis.example/log") == "second");
  CHECK(store.cosigned("heron.example/log") == "");
}

TEST_CASE("of each witness the largest tree and its latest time are known", "[store][witnesses]") {
  World world;
  auto& store = world.witnesses();
  for (auto const& seen : {Witnessed{"ibis.example/log", "w1", 10, 100}, Witnessed{"ibis.example/log", "w1", 9, 200},
                           Witnessed{"ibis.example/log", "w1", 10, 150}, Witnessed{"ibis.example/log", "w2", 4, 5},
                           Witnessed{"heron.example/log", "w1", 3, 4}})
    REQUIRE(store.witnessed(seen).has_value());
  CHECK(store.witnessed().value() == std::vector<Witnessed>{{"heron.example/log", "w1", 3, 4},
                                                            {"ibis.example/log", "w1", 10, 150},
                                                            {"ibis.example/log", "w2", 4, 5}});
}

TEST_CASE("of what a relay may not hand on as much is kept as shows it, whatever it opens", "[store][relays]") {
  World world;
  store::Misrelayed entry{"ibis", "heron.example/log", 0, "the first", 7};
  REQUIRE(world.database->relays().keep(entry).value());
  CHECK_FALSE(world.database->relays().keep(entry).value());
  for (entry.index = 1; entry.index < store::kMostMisrelayed; ++entry.index)
    CHECK(world.database->relays().keep(entry).value());
  CHECK_FALSE(world.database->relays().keep(entry).value());
  CHECK(world.witnesses().evidence("ibis")->size() == store::kMostMisrelayed);
  entry.relay = "magpie";
  CHECK(world.database->relays().keep(entry).value());
}
