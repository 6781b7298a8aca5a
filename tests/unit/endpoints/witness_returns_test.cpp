// What a peer is given back of its own logs, and who is not.
#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/openings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

constexpr char const* kPeer = "ibis.example";
constexpr char const* kOrigin = "ibis.example/log";

struct Kept : Hub {
  std::vector<log::OpenedEntry> const entries{{0, "h", {}, {}, {}, "first"}, {1, "h", {}, {}, {}, "second"}};
  std::string const leaves, token;

  explicit Kept(bool opened = true)
      : leaves(std::string(core::view(entries[0].leaf())) + std::string(core::view(entries[1].leaf()))), token(peer()) {
    world.keep_logs_of(kPeer, leaves, opened ? entries : std::vector<log::OpenedEntry>());
  }

  std::string peer() {
    world.add_peer(kPeer);
    auto& context = world.instance().context();
    context.ledger.perform(
        [&] { REQUIRE(context.peering.set_state(kPeer, store::PeerState::active, "why", 1).has_value()); });
    return world.add_token(kPeer, "peer");
  }
  static std::string path(std::string const& origin) { return "/witness/" + log::origin_hash(origin) + "/"; }
};

std::string const kControl = log::control_origin(kOrigin);

}  // namespace

TEST_CASE("a peer is given back leaf hashes of its logs, and no others", "[endpoints][witness]") {
  Kept hub;
  for (auto const& origin : {std::string(kOrigin), kControl}) {
    CHECK(hub.world.get(Kept::path(origin) + "tile/0/000.p/2", hub.token).body == hub.leaves);
    CHECK(hub.world.get(Kept::path(origin) + "tile/0/000.p/1", hub.token).body == hub.leaves.substr(0, 32));
    for (char const* none : {"tile/0/000.p/3", "tile/0/001", "tile/1/000", "tile/entries/000.p/1", "tile/0/0"})
      CHECK(hub.world.get(Kept::path(origin) + none, hub.token).status == 404);
  }
}

TEST_CASE("a peer is given back what its control log opened", "[endpoints][witness]") {
  Kept hub;
  auto const openings = [&](std::string const& query, std::string const& origin = kControl) {
    return hub.world.get(Kept::path(origin) + "openings?" + query, hub.token);
  };
  auto const given = log::parse_openings(openings("from=0&to=9").body);
  REQUIRE(given.has_value());
  CHECK((given->origin == kControl && given->from == 0 && given->to == 2 && given->entries == hub.entries));
  CHECK(log::parse_openings(openings("from=1&to=2").body)->entries == std::vector{hub.entries[1]});
  CHECK(openings("from=2&to=3").status == 404);
  CHECK(openings("from=0&to=2", kOrigin).status == 404);
  for (char const* wrong : {"from=0", "from=2&to=1", "from=0&to=x", "from=0&to=1&x=1"})
    CHECK(openings(wrong).status == 400);
}

TEST_CASE("a peer is told that an entry which was applied before such entries were kept is not there",
          "[endpoints][witness]") {
  Kept hub(false);
  CHECK(hub.world.get(Kept::path(kControl) + "openings?from=0&to=2", hub.token).status == 503);
}

TEST_CASE("nobody else is given anything of them", "[endpoints][witness]") {
  Kept hub;
  auto const other = hub.world.add_token("Aurora", "peer"), auditor = hub.world.add_token("Aurora", "auditor");
  for (char const* part : {"tile/0/000.p/2", "openings?from=0&to=2"}) {
    CHECK(hub.world.get(Kept::path(kControl) + part, other).status == 404);
    CHECK(hub.world.get(Kept::path(kControl) + part, auditor).status == 403);
    CHECK(hub.world.get(Kept::path(kControl) + part, hub.admin).status == 403);
  }
}
