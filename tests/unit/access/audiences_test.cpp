// The verbs on audiences: what is refused and why, and that two people agree to every new member.
#include "server/access/audience_administration.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::NewAudience;
using core::Code;

namespace {

constexpr std::int64_t kNow = test::AccessWorld::kNow;
constexpr std::int64_t kWindow = access::AudienceAdministration::kProposalUs;

// `ring` of one, `circle` of two, and a list of authorities.
struct World : test::AccessWorld {
  access::AudienceAdministration audiences{accounts, registry};
  store::RowId one = organisation("one").row, two = organisation("two").row;

  World() {
    (void)audiences.add({"ring", {"one"}, {}}, kNow).value();
    (void)audiences.add({"circle", {"two"}, {}}, kNow).value();
    (void)audiences.add({"states", {}, {"XB", "XA"}}, kNow).value();
  }

  Code refusal(NewAudience const& given) { return audiences.add(given, kNow).error().code; }
  [[nodiscard]] store::Audience const& audience(std::string_view name) const {
    return *registry.current()->audience(name);
  }
  [[nodiscard]] bool belongs(store::RowId organisation, std::string_view name) const {
    return registry.current()->belongs(organisation, audience(name));
  }
  // The row of a credential that was made then.
  store::RowId administrator(std::int64_t made_us) {
    store::Credential row;
    row.organisation = one;
    row.token_id = "admin-" + std::to_string(made_us);
    row.created_us = made_us;
    auto const added = accounts.add(row).value();
    reload();
    return added;
  }
  std::string proposed(store::RowId proposer = 0) {
    return core::to_text(audiences.propose("ring", "two", proposer, kNow).value());
  }
};

}  // namespace

TEST_CASE("an audience has a plain name, and members or authorities", "[access][audiences]") {
  World world;
  for (char const* name : {"", "a/b", "a.b", " a"}) CHECK(world.refusal({name, {"one"}, {}}) == Code::bad_parameter);
  CHECK(world.refusal({"new", {}, {}}) == Code::bad_parameter);
  CHECK(world.refusal({"new", {"one"}, {"XA"}}) == Code::bad_parameter);
  CHECK(world.refusal({"new", {}, {"XA", "X/B"}}) == Code::bad_parameter);
  CHECK(world.refusal({"new", {"one", "nobody"}, {}}) == Code::not_found);
  CHECK(world.refusal({"ring", {"one"}, {}}) == Code::conflict);
  CHECK(world.registry.current()->tables().audiences.size() == 3);
}

TEST_CASE("a new audience is in force at once, with each member once", "[access][audiences]") {
  World world;
  auto const made = world.audiences.add({"both", {"two", "one", "two"}, {}}, kNow + 1).value();
  CHECK(made.row == world.audience("both").row);
  CHECK(made.created_us == kNow + 1);
  CHECK(world.belongs(world.one, "both"));
  CHECK(world.belongs(world.two, "both"));
  CHECK_FALSE(world.belongs(world.two, "ring"));
  CHECK(world.registry.current()->tables().audience_members.size() == 4);
}

TEST_CASE("the definition of an audience names its group, and of a list its authorities in order",
          "[access][audiences]") {
  World const world;
  auto const& ring = world.audience("ring");
  CHECK(ring.definition.contains(core::to_text(ring.group)));
  CHECK(ring.definition.contains(R"("purpose":"audience")"));
  CHECK_FALSE(ring.definition.contains("releasable_to"));
  auto const& states = world.audience("states");
  CHECK(states.releasable_to == std::vector<std::string>{"XA", "XB"});
  CHECK(states.definition.contains(R"("purpose":"releasable","releasable_to":["XA","XB"])"));
}

TEST_CASE("a member is proposed for a group that is there, and to which it does not belong", "[access][audiences]") {
  World world;
  auto const refusal = [&](char const* audience, char const* organisation) {
    return world.audiences.propose(audience, organisation, 0, kNow).error().code;
  };
  CHECK(refusal("nothing", "two") == Code::not_found);
  CHECK(refusal("ring", "nobody") == Code::not_found);
  CHECK(refusal("states", "two") == Code::bad_parameter);
  CHECK(refusal("ring", "one") == Code::conflict);
  CHECK(world.registry.current()->tables().audience_proposals.empty());
  auto const id = world.audiences.propose("ring", "two", 7, kNow).value();
  auto const& proposals = world.registry.current()->tables().audience_proposals;
  REQUIRE(proposals.size() == 1);
  CHECK(proposals[0].id == id);
  CHECK(proposals[0].audience == world.audience("ring").row);
  CHECK(proposals[0].organisation == world.two);
  CHECK(proposals[0].proposer == 7);
  CHECK_FALSE(world.belongs(world.two, "ring"));
}

TEST_CASE("who proposed a member does not approve it, and another who was there before does", "[access][audiences]") {
  World world;
  auto const first = world.administrator(kNow - 2), second = world.administrator(kNow - 1);
  auto const same = world.administrator(kNow), later = world.administrator(kNow + 1);
  auto const id = world.proposed(first);
  for (auto const approver : {first, same, later, store::RowId{99}})
    CHECK(world.audiences.approve(id, approver, kNow).error().code == Code::forbidden);
  CHECK_FALSE(world.belongs(world.two, "ring"));
  REQUIRE(world.audiences.approve(id, second, kNow).has_value());
  CHECK(world.belongs(world.two, "ring"));
}

TEST_CASE("the operator approves what an administrator proposed, and not what he proposed himself",
          "[access][audiences]") {
  World world;
  auto const administrator = world.administrator(kNow - 1);
  CHECK(world.audiences.approve(world.proposed(), 0, kNow).error().code == Code::forbidden);
  REQUIRE(world.audiences.approve(world.proposed(administrator), 0, kNow).has_value());
  CHECK(world.belongs(world.two, "ring"));
}

TEST_CASE("a proposal can be approved for 72 hours", "[access][audiences]") {
  World world;
  auto const administrator = world.administrator(kNow - 1);
  auto const id = world.proposed();
  CHECK(world.audiences.approve(id, administrator, kNow + kWindow + 1).error().code == Code::not_found);
  for (char const* other : {"", "nonsense", "00000000-0000-4000-8000-000000000000"})
    CHECK(world.audiences.approve(other, administrator, kNow).error().code == Code::not_found);
  CHECK(world.audiences.approve(id, administrator, kNow + kWindow).has_value());
}

TEST_CASE("who is taken out of an audience belongs to it no more, at once", "[access][audiences]") {
  World world;
  CHECK(world.audiences.remove("nothing", "one").error().code == Code::not_found);
  CHECK(world.audiences.remove("ring", "two").error().code == Code::not_found);
  REQUIRE(world.audiences.remove("ring", "one").has_value());
  CHECK_FALSE(world.belongs(world.one, "ring"));
}

TEST_CASE("a change of audiences that the store does not take, or that cannot be read again, is an error",
          "[access][audiences]") {
  for (bool reading : {false, true}) {
    World world;
    auto const administrator = world.administrator(kNow - 1);
    auto const id = world.proposed();
    (reading ? world.accounts.broken : world.accounts.full) = true;
    CHECK(world.refusal({"new", {"one"}, {}}) == Code::storage_failed);
    CHECK(world.audiences.propose("circle", "one", 0, kNow).error().code == Code::storage_failed);
    CHECK(world.audiences.approve(id, administrator, kNow).error().code == Code::storage_failed);
    CHECK(world.audiences.remove("ring", "one").error().code == Code::storage_failed);
  }
}
