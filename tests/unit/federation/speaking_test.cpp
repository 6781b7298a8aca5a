// Who speaks at a peer, by the agreement in force: their organisations here, with whom they are one party, and what the
// door may let in.
#include <map>

#include "server/federation/foreign_terms.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/side.hpp"

namespace tocsin::federation {
namespace {

using store::PeerState;
using test::kNow;
using test::OtherInstance;
using test::Side;

constexpr char kCurlew[] = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";

TEST_CASE("whoever the agreement lets speak has an organisation that speaks at the peer", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  b.manifest().identities = {kCurlew};
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  CHECK(a.registry.current()->owner_of_identity(kCurlew) == nullptr);
  std::string const agreed = "identities = [\"" + std::string(kCurlew) + "\"]\n";
  REQUIRE(a.agree("b.example", agreed) == 0);
  auto const directory = a.registry.current();
  auto const* peer = directory->organisation(std::string_view("b.example"));
  auto const* curlew = directory->owner_of_identity(kCurlew);
  REQUIRE(curlew != nullptr);
  CHECK(curlew->name == "b.example/3f0c2a4e");
  CHECK(curlew->disabled);
  CHECK(curlew->origin == peer->origin);
  CHECK(directory->peer_of(curlew->row) == "b.example");
  CHECK(store::speaks_elsewhere(*curlew));
  CHECK_FALSE(store::speaks_elsewhere(*peer));
  CHECK(a.agree("b.example", agreed) == 0);  // again
  // Who is left out keeps it, and speaks no more.
  REQUIRE(a.agree("b.example", "") == 0);
  CHECK(a.registry.current()->owner_of_identity(kCurlew) != nullptr);
  CHECK(a.agree("b.example", agreed) == 0);
}

TEST_CASE("A03: one identity is spoken for by one peer", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example"), c("c.example");
  std::string const agreed = "identities = [\"" + std::string(kCurlew) + "\"]\n";
  for (auto* other : {&b, &c}) {
    other->manifest().identities = {kCurlew};
    REQUIRE(a.accept(other->acceptance(a.invite())).has_value());
  }
  a.write_agreement("b.example", agreed);
  a.write_agreement("c.example", agreed);
  auto read = a.peering->read_agreements();
  REQUIRE(a.peering->take(read).has_value());
  CHECK(read.at(0).mistakes.empty());
  CHECK(read.at(1).mistakes.size() == 1);
  read = a.peering->read_agreements();  // also when the first is in force
  CHECK(read.at(1).mistakes.size() == 1);
  CHECK(a.registry.current()->peer_of(a.registry.current()->owner_of_identity(kCurlew)->row) == "b.example");
  // Of a peer that is gone it may speak at another.
  REQUIRE(a.peering->set_state("b.example", PeerState::removed, "", kNow).has_value());
  REQUIRE(a.peering->take(a.peering->read_agreements()).has_value());
  CHECK(a.registry.current()->peer_of(a.registry.current()->owner_of_identity(kCurlew)->row) == "c.example");
}

TEST_CASE("a party is a member or another peer, and counts with it", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  store::Organisation member{0, "aurora", "lab", 2, kCurlew, "", false, kNow};
  REQUIRE(a.database->accounts().add(member).has_value());
  REQUIRE(a.registry.reload(a.database->accounts()).has_value());
  for (char const* nobody : {"borealis", "b.example"})
    CHECK(a.agree("b.example", "party = \"" + std::string(nobody) + "\"\n") == 1);
  auto const together = [&] {
    auto const directory = a.registry.current();
    auto const row = [&](std::string_view name) { return directory->organisation(name)->row; };
    return directory->party_of(row("b.example")) == directory->party_of(row("aurora"));
  };
  CHECK_FALSE(together());
  REQUIRE(a.agree("b.example", "party = \"aurora\"\n") == 0);
  CHECK(together());
  REQUIRE(a.agree("b.example", "") == 0);
  CHECK_FALSE(together());
}

TEST_CASE("nothing is let in but of an active peer whose agreement has a direction in", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  b.manifest().identities = {kCurlew};
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  store::Collection network{0, "8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a", "network", "Network", "", 1, kNow};
  REQUIRE(a.database->accounts().add(network).has_value());
  REQUIRE(a.registry.reload(a.database->accounts()).has_value());
  std::string const agreed = "identities = [\"" + std::string(kCurlew) +
                             "\"]\ncollections = [\"8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a\"]\nmax_tlp = \"amber\"\n";
  auto const terms = [&](std::string const& origin = "b.example/log") {
    return foreign_terms(*a.peering, *a.registry.current(), origin);
  };
  CHECK_FALSE(terms().has_value());
  REQUIRE(a.agree("b.example", agreed + "direction = \"in\"\n") == 0);
  CHECK_FALSE(terms().has_value());  // it is paused
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  auto const in = terms();
  REQUIRE(in.has_value());
  auto const directory = a.registry.current();
  CHECK(in->peer == directory->organisation(std::string_view("b.example"))->row);
  CHECK(in->origin == directory->organisation(in->peer)->origin);
  CHECK(in->asserters == std::map<std::string, store::RowId>{{kCurlew, directory->owner_of_identity(kCurlew)->row}});
  CHECK(in->collections.size() == 1);
  CHECK(in->collections.contains("network"));
  CHECK(in->max_tlp == stix::Tlp::amber);
  CHECK_FALSE(terms("c.example/log").has_value());
  REQUIRE(a.agree("b.example", agreed + "direction = \"out\"\n") == 0);
  CHECK_FALSE(terms().has_value());
  REQUIRE(a.agree("b.example", agreed + "direction = \"both\"\n") == 0);
  CHECK(terms().has_value());
  for (auto const state : {PeerState::paused, PeerState::quarantined, PeerState::removed}) {
    REQUIRE(a.peering->set_state("b.example", state, "", kNow).has_value());
    CHECK_FALSE(terms().has_value());
  }
}

TEST_CASE("nothing is let into a collection where it would wait for an analyst", "[federation][peering][moderation]") {
  Side a("a.example");
  OtherInstance b("b.example");
  b.manifest().identities = {kCurlew};
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  auto& accounts = a.database->accounts();
  auto const network =
      accounts.add(store::Collection{0, "8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a", "network", "Network", "", 1, kNow});
  REQUIRE(a.registry.reload(accounts).has_value());
  REQUIRE(a.agree("b.example", "identities = [\"" + std::string(kCurlew) + "\"]\ncollections = [\"network\"]\n") == 0);
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  auto const peer = a.registry.current()->organisation(std::string_view("b.example"))->row;
  auto const comes_in = [&](std::string const& moderation, std::string const& standing) {
    REQUIRE(accounts.set_moderation(*network, moderation).has_value());
    REQUIRE(accounts.set_standing(peer, standing).has_value());
    REQUIRE(a.registry.reload(accounts).has_value());
    auto const directory = a.registry.current();
    auto const terms = foreign_terms(*a.peering, *directory, "b.example/log");
    auto const done = check_waits_nowhere(*terms, *directory, "identity--5a5a5a5a-0000-4000-8000-000000000005");
    if (!done) CHECK(done.error().code == core::Code::origin_not_agreed);
    return done.has_value();
  };
  CHECK(comes_in("off", "moderated"));
  CHECK_FALSE(comes_in("all", ""));
  CHECK_FALSE(comes_in("new", ""));
  CHECK_FALSE(comes_in("chosen", "moderated"));
  CHECK(comes_in("chosen", ""));
  CHECK(comes_in("all", "trusted"));
  CHECK(comes_in("new", "trusted"));
}

}  // namespace
}  // namespace tocsin::federation
