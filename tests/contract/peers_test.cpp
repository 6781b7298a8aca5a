// What an agreement leaves in every store: its digest, organisations for those who speak at the peer, with whom it is
// one party, and where all of them speak.
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using core::Code;
using nlohmann::json;

namespace {

constexpr char kCurlew[] = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";
constexpr char kTwin[] = "identity--3f0c2a4e-0000-4000-8000-000000000002";  // its first digits are Curlew's

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  core::Digest const file = core::sha256("an agreement");

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
    add("ibis");
  }

  core::Result<void> add(std::string const& name) {
    store::Peer peer;
    peer.name = name;
    peer.root = name + "/root+key";
    peer.origin = name + "/log";
    peer.version = 1;
    store::PeerInvitation const invitation{core::random_uuid(), {}, 10, false};
    return database->peers().add(peer, {{core::sha256(name)}, 1'000}, invitation, 1);
  }

  core::Result<void> agree(std::string const& peer, std::vector<std::string> identities, store::RowId party = 0) {
    return database->peers().set_agreement(peer, {file, std::move(identities), party});
  }

  std::map<std::string, store::Organisation> organisations() {
    std::map<std::string, store::Organisation> out;
    for (auto& one : database->accounts().organisations().value()) out.emplace(one.name, one);
    return out;
  }

  std::vector<std::string> actions() {
    std::vector<std::string> out;
    auto reader = database->open_reader().value();
    REQUIRE(reader->audit()
                .visit({},
                       [&](store::AuditRow const& row) {
                         out.push_back(json::parse(row.entry).at("action").get<std::string>());
                         return true;
                       })
                .has_value());
    return out;
  }
};

}  // namespace

TEST_CASE("an agreement makes an organisation for each who speaks at the peer, without credentials", "[store][peers]") {
  World world;
  REQUIRE(world.agree("ibis", {kCurlew, kTwin}).has_value());
  auto const all = world.organisations();
  REQUIRE(all.size() == 3);
  auto const& peer = all.at("ibis");
  for (auto const& [name, identity] :
       {std::pair("ibis/3f0c2a4e", kCurlew), {"ibis/3f0c2a4e-0000-4000-8000-000000000002", kTwin}}) {
    auto const& one = all.at(name);
    CHECK(one.identity == identity);
    CHECK(one.type == "other");
    CHECK(one.disabled);
    CHECK(one.origin == peer.origin);
    CHECK(one.peer == "ibis");
    CHECK(one.created_us > 0);
    for (auto const& credential : world.database->accounts().credentials().value())
      CHECK(credential.organisation != one.row);
  }
  CHECK(peer.origin != 0);
  CHECK(peer.peer == "ibis");
  CHECK(world.database->peers().peers().value().at(0).agreement == world.file);
}

TEST_CASE("what an agreement made stays when it is left out, and is made once", "[store][peers]") {
  World world;
  REQUIRE(world.agree("ibis", {kCurlew}).has_value());
  auto const row = world.organisations().at("ibis/3f0c2a4e").row;
  REQUIRE(world.agree("ibis", {}).has_value());
  CHECK(world.organisations().at("ibis/3f0c2a4e").row == row);
  REQUIRE(world.agree("ibis", {kCurlew}).has_value());
  CHECK(world.organisations().size() == 2);
  auto const made = world.actions();
  CHECK(std::ranges::count(made, "organisation.add") == 1);
  CHECK(std::ranges::count(made, "peer.agreement") == 3);
}

TEST_CASE("A03: an agreement gives a peer no identity of a member or of another peer, and then does nothing",
          "[store][peers]") {
  World world;
  REQUIRE(world.add("egret").has_value());
  store::Organisation const member{0, "aurora", "lab", 2, kTwin, "", false, 1};
  REQUIRE(world.database->accounts().add(member).has_value());
  REQUIRE(world.agree("egret", {kCurlew}).has_value());
  for (char const* taken : {kCurlew, kTwin})
    CHECK(world.agree("ibis", {"identity--00000000-0000-4000-8000-0000000000aa", taken}).error().code ==
          Code::conflict);
  CHECK(world.organisations().size() == 4);
  CHECK_FALSE(world.database->peers().peers().value().at(1).agreement.has_value());
  CHECK(world.organisations().at("aurora").origin == 0);
}

TEST_CASE("who spoke at a peer that is gone can speak at another, and is the same organisation", "[store][peers]") {
  World world;
  REQUIRE(world.add("egret").has_value());
  REQUIRE(world.agree("egret", {kCurlew}).has_value());
  auto const before = world.organisations().at("egret/3f0c2a4e");
  REQUIRE(world.database->peers().set_state("egret", store::PeerState::removed, "", 2).has_value());
  CHECK(world.organisations().at("egret/3f0c2a4e").origin == before.origin);
  REQUIRE(world.agree("ibis", {kCurlew}).has_value());
  auto const after = world.organisations().at("egret/3f0c2a4e");
  CHECK(after.row == before.row);
  CHECK(after.origin == world.organisations().at("ibis").origin);
  CHECK(after.peer == "ibis");
}

TEST_CASE("with whom a peer is one party follows the agreement", "[store][peers]") {
  World world;
  store::Organisation const member{0, "aurora", "lab", 2, kTwin, "", false, 1};
  auto const row = world.database->accounts().add(member).value();
  REQUIRE(world.agree("ibis", {kCurlew}, row).has_value());
  CHECK(world.organisations().at("ibis").party == row);
  CHECK(world.organisations().at("ibis/3f0c2a4e").party == 0);
  REQUIRE(world.database->peers().set_agreement("ibis", {}).has_value());
  CHECK(world.organisations().at("ibis").party == 0);
  CHECK(world.agree("egret", {}).error().code == Code::not_found);
}
