// Whose submissions wait for an analyst, and whose never do.
#include "server/access/moderation.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;

namespace {

constexpr std::string_view kInstance = "identity--00000000-0000-4000-8000-000000000001";

// Organisation 1 runs the instance; 2 has published in collection 1; 3 has not.
access::Directory directory(std::string const& standing) {
  access::Directory::Tables tables;
  for (store::RowId row = 1; row <= 3; ++row) {
    store::Organisation one;
    one.row = row;
    one.name = "org" + std::to_string(row);
    one.identity = "identity--00000000-0000-4000-8000-00000000000" + std::to_string(row);
    one.standing = standing;
    tables.organisations.push_back(one);
  }
  tables.corners.push_back({1, 1, 2, 1});
  return {std::move(tables), 1};
}

std::vector<store::RowId> who_waits(std::string const& moderation, std::string const& standing) {
  auto const all = directory(standing);
  store::Collection collection;
  collection.row = 1;
  collection.moderation = moderation;
  std::vector<store::RowId> out;
  for (store::RowId row = 1; row <= 3; ++row)
    if (access::waits(all, collection, row, kInstance)) out.push_back(row);
  return out;
}

using Rows = std::vector<store::RowId>;

}  // namespace

TEST_CASE("nobody waits in a collection that is not moderated", "[access][moderation]") {
  for (char const* standing : {"", "moderated", "trusted"}) CHECK(who_waits("off", standing) == Rows{});
}

TEST_CASE("who runs the instance never waits, and who is trusted does not", "[access][moderation]") {
  CHECK(who_waits("all", "") == Rows{2, 3});
  CHECK(who_waits("all", "moderated") == Rows{2, 3});
  CHECK(who_waits("all", "trusted") == Rows{});
  CHECK(who_waits("new", "trusted") == Rows{});
}

TEST_CASE("an organisation is new until something of it was published", "[access][moderation]") {
  CHECK(who_waits("new", "") == Rows{3});
  CHECK(who_waits("new", "moderated") == Rows{2, 3});
}

TEST_CASE("only who is moderated waits where it is for the chosen", "[access][moderation]") {
  CHECK(who_waits("chosen", "") == Rows{});
  CHECK(who_waits("chosen", "moderated") == Rows{2, 3});
}

TEST_CASE("an organisation that nobody knows waits wherever there is moderation", "[access][moderation]") {
  store::Collection collection;
  collection.moderation = "chosen";
  CHECK(access::waits(directory(""), collection, 99, kInstance));
}

TEST_CASE("words that say nothing about moderation are refused", "[access][moderation]") {
  for (char const* good : {"off", "new", "chosen", "all"}) CHECK(access::check_moderation(good).has_value());
  for (char const* good : {"", "moderated", "trusted"}) CHECK(access::check_standing(good).has_value());
  for (char const* bad : {"", "OFF", "some"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(access::check_moderation(bad).has_value());
    CHECK(access::check_moderation(bad).error().code == core::Code::bad_parameter);
  }
  CHECK_FALSE(access::check_standing("friend").has_value());
}

TEST_CASE("the standing of an organisation and the moderation of a collection are set to what is known",
          "[access][moderation]") {
  test::AccessWorld world;
  world.organisation("lab");
  world.collection("tools");
  auto& verbs = world.administration;
  CHECK(verbs.set_standing("lab", "friend").error().code == core::Code::bad_parameter);
  CHECK(verbs.set_standing("nobody", "trusted").error().code == core::Code::not_found);
  CHECK(verbs.moderate("tools", "some").error().code == core::Code::bad_parameter);
  CHECK(verbs.moderate("nothing", "all").error().code == core::Code::not_found);
  REQUIRE(verbs.set_standing("lab", "trusted").has_value());
  REQUIRE(verbs.moderate("tools", "all").has_value());
  auto const now = world.registry.current();
  CHECK(now->organisation(std::string_view("lab"))->standing == "trusted");
  CHECK(now->collection("tools", {})->moderation == "all");
}
