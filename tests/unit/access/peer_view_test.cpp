// What a peer is shown, cell by cell: levels, audiences and their epochs, collections, and who has agreed to nothing.
#include "server/access/peer_view.hpp"

#include <functional>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::AudienceAt;
using access::ClassFacts;
using access::Sharing;
using stix::Tlp;

namespace {

constexpr core::Uuid kRing{1}, kCircle{2};
constexpr Tlp kLevels[] = {Tlp::clear, Tlp::green, Tlp::amber, Tlp::amber_strict, Tlp::red};

// The peer belongs to `ring` from its epoch 2 on and to `circle` from the beginning; `member` to both.
struct World : test::AccessWorld {
  store::RowId peer = organisation("ibis.example", "other", "clear").row;
  store::RowId member = organisation("member", "lab", "red").row;
  store::Collection network = collection("network"), tools = collection("tools");
  core::Digest key = core::sha256("key");
  Sharing sharing{Tlp::amber_strict, {network.alias}, {"ring", "circle"}};
  store::RowId ring = add_audience("ring", kRing, {member}), circle = add_audience("circle", kCircle, {member, peer});

  World() { join(ring); }

  store::RowId add_audience(std::string const& name, core::Uuid const& group,
                            std::vector<store::RowId> const& members) {
    store::Audience audience;
    audience.marking = core::random_uuid();
    audience.group = group;
    audience.name = name;
    auto const row = accounts.add(audience, members).value();
    reload();
    return row;
  }
  void join(store::RowId audience) {
    store::AudienceProposal const proposal{core::random_uuid(), audience, peer, 0, 0};
    REQUIRE(accounts.propose(proposal).has_value());
    REQUIRE(accounts.approve(proposal.id).has_value());
    reload();
  }
  void leave(store::RowId audience) {
    REQUIRE(accounts.remove_member(audience, peer).has_value());
    reload();
  }

  [[nodiscard]] access::PeerView view(std::optional<Sharing> const& agreed) const {
    return access::peer_view(*registry.current(), peer, agreed, key);
  }
  [[nodiscard]] access::PeerView view() const { return view(sharing); }
  bool sees(ClassFacts const& facts) {
    auto const row = intern(facts, member);
    return view().classes.contains(row);
  }
};

}  // namespace

TEST_CASE("a peer sees levels up to the agreed one, and RED never", "[access][peers]") {
  for (Tlp agreed : kLevels)
    for (Tlp level : kLevels) {
      World world;
      world.sharing.max_tlp = agreed;
      CAPTURE(stix::name(agreed), stix::name(level));
      bool const within = level <= agreed && level != Tlp::red;
      CHECK(world.sees({level, false, {{kRing, 2}}}) == within);
      // Without an audience AMBER+STRICT is nobody's but its asserter's.
      CHECK(world.sees({level, false}) == (within && level < Tlp::amber_strict));
      CHECK_FALSE(world.sees({level, true}));  // a marking that means nothing here
    }
}

TEST_CASE("a peer sees what names its audiences at an epoch at which it belonged to them", "[access][peers]") {
  World world;
  CHECK_FALSE(world.sees({Tlp::amber, false, {{kRing, 1}}}));
  CHECK(world.sees({Tlp::amber, false, {{kRing, 2}}}));
  CHECK(world.sees({Tlp::amber_strict, false, {{kRing, 3}}}));
  CHECK(world.sees({Tlp::green, false, {{kRing, 2}, {kCircle, 1}}}));
  CHECK_FALSE(world.sees({Tlp::green, false, {{kRing, 1}, {kCircle, 1}}}));
  CHECK_FALSE(world.sees({Tlp::clear, false, {{core::Uuid{3}, 1}}}));
  world.leave(world.ring);
  CHECK_FALSE(world.sees({Tlp::amber, false, {{kRing, 2}}}));
  CHECK(world.sees({Tlp::amber, false, {{kCircle, 1}}}));
}

TEST_CASE("a membership counts only when the agreement names the audience", "[access][peers]") {
  World world;
  world.sharing.audiences = {"circle", "nobody"};
  CHECK_FALSE(world.sees({Tlp::amber_strict, false, {{kRing, 2}}}));
  CHECK(world.sees({Tlp::amber_strict, false, {{kCircle, 1}}}));
  world.sharing.audiences = {};
  CHECK_FALSE(world.sees({Tlp::amber_strict, false, {{kCircle, 1}}}));
  CHECK(world.sees({Tlp::amber, false}));
}

TEST_CASE("what is releasable to governments is a peer's by its level like a member's", "[access][peers]") {
  World world;
  CHECK(world.sees({Tlp::amber, false, {}, std::vector<std::string>{"XA"}}));
  CHECK(world.sees({Tlp::amber, false, {}, std::vector<std::string>{}}));
}

TEST_CASE("the agreed collections are those of their names, each once", "[access][peers]") {
  World world;
  world.sharing.collections = {world.tools.id, world.network.alias, world.network.id, "nothing"};
  CHECK(world.view().collections ==
        std::vector<std::pair<store::RowId, std::string>>{{world.network.row, world.network.alias},
                                                          {world.tools.row, world.tools.alias}});
}

TEST_CASE("nothing is shown without an agreement, without a collection, or to a peer that is stopped",
          "[access][peers]") {
  World world;
  auto const clear = world.intern({Tlp::clear, false}, world.member);
  CHECK(world.view().classes.contains(clear));
  auto const nothing = world.view(std::nullopt);
  auto none = world.sharing;
  none.collections = {"nothing"};
  REQUIRE(world.accounts.set_disabled(world.peer, true).has_value());
  auto const before = world.view();  // of the directory before
  world.reload();
  for (auto const& view : {nothing, world.view(none), world.view()}) {
    CHECK(view.classes.empty());
    CHECK(view.collections.empty());
    CHECK(view.terms == nothing.terms);
  }
  CHECK(before.terms != nothing.terms);
}

TEST_CASE("the terms change with everything that decides what a peer may see", "[access][peers]") {
  std::function<void(World&)> const changes[] = {
      [](World& world) { world.sharing.max_tlp = Tlp::amber; },
      [](World& world) { world.sharing.max_tlp = Tlp::clear; },
      [](World& world) { world.sharing.collections.push_back(world.tools.alias); },
      [](World& world) { world.sharing.collections = {world.tools.alias}; },
      [](World& world) { world.sharing.collections.clear(); },
      [](World& world) { world.sharing.audiences = {"ring"}; },
      [](World& world) { world.sharing.audiences.clear(); },
      [](World& world) { world.leave(world.circle); },
      [](World& world) {
        world.leave(world.circle);
        world.join(world.circle);
      },
      [](World& world) { world.key = core::sha256("of another instance"); },
  };
  for (auto const& change : changes) {
    World world;
    auto const before = world.view().terms;
    change(world);
    CHECK(world.view().terms != before);
  }
}

TEST_CASE("the terms are the same for the same share, however it is written and whatever is stored",
          "[access][peers]") {
  World world;
  auto const before = world.view();
  world.sharing.collections = {world.network.id, world.network.alias};
  world.sharing.audiences = {"CIRCLE", "ring", "nobody"};
  world.intern({Tlp::green, false}, world.member);
  world.collection("other");
  // Somebody else joins: the audience has another epoch, and the peer belongs to it as before.
  auto const guest = world.organisation("guest").row;
  store::AudienceProposal const proposal{core::random_uuid(), world.ring, guest, 0, 0};
  REQUIRE(world.accounts.propose(proposal).has_value());
  REQUIRE(world.accounts.approve(proposal.id).has_value());
  world.reload();
  auto const after = world.view();
  CHECK(after.terms == before.terms);
  CHECK(after.classes_through > before.classes_through);
}
