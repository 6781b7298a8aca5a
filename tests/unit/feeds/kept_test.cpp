#include "server/feeds/kept.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;
using feeds::Standing;

namespace {

constexpr std::int64_t kNow = 1'000;

feeds::Made made(std::string body, std::int64_t stands_until_us = INT64_MAX) {
  feeds::Made out;
  out.digest = std::to_string(std::hash<std::string>{}(body));
  out.body = std::make_shared<std::string const>(std::move(body));
  out.stands_until_us = stands_until_us;
  return out;
}

std::string digest_of(std::string const& body) { return made(body).digest; }

struct World {
  base::Metrics metrics;
  feeds::Kept kept{1u << 20, metrics};
};

}  // namespace

TEST_CASE("A feed is served again while what it was made from stands", "[feeds][kept]") {
  World world;
  CHECK(world.kept.find("k", {.stored = 1}, kNow) == nullptr);
  auto const first = world.kept.keep("k", {.stored = 1}, made("a\n"));
  CHECK(world.kept.find("k", {.stored = 1}, kNow) == first);
  CHECK(world.kept.find("another", {.stored = 1}, kNow) == nullptr);
}

TEST_CASE("Anything else that a feed was made from, or its time, makes it anew", "[feeds][kept]") {
  World world;
  auto const mutes = std::make_shared<int const>(1), own = std::make_shared<int const>(2);
  Standing const standing{.stored = 1, .parties = 2, .widest_v4 = 8, .widest_v6 = 16, .mutes = mutes, .own = own};
  auto const kept = world.kept.keep("k", standing, made("a\n", kNow + 10));
  CHECK(world.kept.find("k", standing, kNow + 9) == kept);
  CHECK(world.kept.find("k", standing, kNow + 10) == nullptr);
  std::vector<Standing> others(6, standing);
  others[0].stored = 2;
  others[1].parties = 3;
  others[2].widest_v4 = 9;
  others[3].widest_v6 = 17;
  others[4].mutes = std::make_shared<int const>(1);
  others[5].own = nullptr;
  for (auto const& other : others) CHECK(world.kept.find("k", other, kNow) == nullptr);
}

TEST_CASE("What was made before is kept under its own key alone", "[feeds][kept]") {
  World world;
  world.kept.keep("k", {.stored = 1}, made("a\n"));
  world.kept.keep("k", {.stored = 2}, made("b\n"));
  world.kept.keep("other", {.stored = 2}, made("c\n"));
  REQUIRE(world.kept.version("k", digest_of("a\n")) != nullptr);
  CHECK(*world.kept.version("k", digest_of("a\n")) == "a\n");
  CHECK(*world.kept.version("k", digest_of("b\n")) == "b\n");
  CHECK(world.kept.version("k", digest_of("c\n")) == nullptr);
  CHECK(world.kept.version("other", digest_of("a\n")) == nullptr);
  world.kept.keep("k", {.stored = 3}, made("a\n"));  // what went and came back
  CHECK(*world.kept.version("k", digest_of("a\n")) == "a\n");
  CHECK(*world.kept.version("k", digest_of("b\n")) == "b\n");
}

TEST_CASE("What is kept has a bound: what was asked for least recently goes first, and of that what is oldest",
          "[feeds][kept]") {
  World world;
  Standing const standing{.stored = 1};
  auto const keep = [&](char const* key, char last) {
    world.kept.keep(key, standing, made(std::string(300'000, last)));
  };
  auto const digest = [](char last) { return digest_of(std::string(300'000, last)); };
  keep("k", '1');
  keep("k", '2');
  keep("other", '3');
  CHECK(world.kept.find("k", standing, kNow) != nullptr);
  keep("third", '4');
  CHECK(world.kept.find("other", standing, kNow) == nullptr);
  CHECK(world.kept.version("k", digest('1')) != nullptr);
  CHECK(world.kept.find("third", standing, kNow) != nullptr);
  keep("fourth", '5');
  CHECK(world.kept.version("k", digest('1')) == nullptr);
  CHECK(world.kept.version("k", digest('2')) != nullptr);
}

TEST_CASE("A feed that would take half of the room is answered and not kept", "[feeds][kept]") {
  World world;
  world.kept.keep("k", {}, made("a\n"));
  auto const huge = world.kept.keep("huge", {}, made(std::string(600'000, 'x')));
  CHECK(huge->body->size() == 600'000);
  CHECK(world.kept.find("huge", {}, kNow) == nullptr);
  CHECK(world.kept.find("k", {}, kNow) != nullptr);
}

TEST_CASE("What was forgotten does not come back with a feed whose making had begun", "[feeds][kept]") {
  World world;
  Standing const begun{.stored = 1, .forgotten = world.kept.forgotten()};
  world.kept.keep("k", begun, made("a\n"));
  world.kept.forget();
  CHECK(world.kept.version("k", digest_of("a\n")) == nullptr);
  CHECK(world.kept.keep("k", begun, made("a\n")) != nullptr);
  CHECK(world.kept.version("k", digest_of("a\n")) == nullptr);
}
