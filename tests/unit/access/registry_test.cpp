#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using stix::Tlp;
using test::AccessWorld;

TEST_CASE("what a commit interned is seen without reading and changes no directory that is held",
          "[access][registry]") {
  AccessWorld world;
  auto lab = world.organisation("lab").row;
  auto token = world.token("lab", "analyst");
  world.accounts.broken = true;  // nothing is read
  auto before = world.registry.current();
  world.registry.learn({{1, access::class_key({Tlp::green, false})}, {2, access::class_key({Tlp::red, false})}},
                       {{1, 2, lab, 1}});
  auto after = world.registry.current();
  CHECK(after->epoch() > before->epoch());
  auto id = access::split_token(token).value().id;
  CHECK(before->session(id)->view->window.visible.empty());
  CHECK(after->session(id)->view->window.visible.contains(1));
  CHECK(after->session(id)->view->window.own.contains(2));
}

TEST_CASE("a commit that interned nothing leaves the directory as it is", "[access][registry]") {
  AccessWorld world;
  auto before = world.registry.current();
  world.registry.learn({}, {});
  world.registry.learn({{1, core::random_uuid()}});
  CHECK(world.registry.current() == before);
}

TEST_CASE("when the accounts cannot be read the directory stays what it was", "[access][registry]") {
  AccessWorld world;
  world.organisation("lab");
  auto before = world.registry.current();
  world.accounts.broken = true;
  auto done = world.registry.reload(world.accounts);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == core::Code::storage_failed);
  CHECK(world.registry.current() == before);
}

TEST_CASE("a statement marking counts for the member that defined it and nobody else", "[access][registry]") {
  AccessWorld world;
  auto learnt = core::random_uuid(), stored = core::random_uuid();
  world.registry.learn({{1, learnt}});
  world.accounts.statements.emplace_back(2, stored);
  world.reload();
  auto const& statements = world.registry.statements();
  CHECK(statements.contains(1, learnt));
  CHECK_FALSE(statements.contains(2, learnt));
  CHECK(statements.contains(2, stored));
  CHECK_FALSE(statements.contains(1, stored));
}
