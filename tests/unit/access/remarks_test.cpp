// What an administrator is told of a credential that can be made, and may not be what was meant.
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using test::AccessWorld;

namespace {

constexpr char kInstance[] = "identity--00000000-0000-4000-8000-000000000001";

// A laboratory, a government, and who runs the instance.
struct World : AccessWorld {
  World() {
    organisation("lab");
    organisation("state", "government");
    (void)administration.add({"operator", "other", "red", kInstance, ""}, kNow).value();
  }

  [[nodiscard]] std::vector<std::string> remarks(std::string const& of, std::vector<std::string> roles) const {
    access::NewCredential wanted;
    wanted.organisation = of;
    wanted.roles = std::move(roles);
    return administration.remarks_on(wanted, kInstance);
  }
};

}  // namespace

TEST_CASE("nothing is remarked on a role that fits", "[access][remarks]") {
  World const world;
  for (char const* role : {"submitter", "analyst", "feed", "auditor", "admin"})
    CHECK(world.remarks("lab", {role}).empty());
  CHECK(world.remarks("state", {"liaison"}).empty());
  for (char const* role : {"feed", "auditor", "admin"}) CHECK(world.remarks("operator", {role}).empty());
  CHECK(world.remarks("nobody", {"liaison", "analyst"}).empty());
}

TEST_CASE("a liaison who is of no government is remarked on", "[access][remarks]") {
  World const world;
  auto const remarks = world.remarks("lab", {"feed", "liaison"});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].starts_with("lab is no government"));
}

TEST_CASE("who submits in the name that every member may use is remarked on", "[access][remarks]") {
  World const world;
  for (char const* role : {"submitter", "analyst"}) {
    auto const remarks = world.remarks("operator", {role});
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].starts_with("operator has the identity of the instance"));
  }
}

TEST_CASE("how little the role of a peer opens is remarked on", "[access][remarks]") {
  auto const remarks = World().remarks("lab", {"peer"});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].starts_with("The role peer opens nothing but"));
}
