// What a stream tells: everything that is published and may be seen, once, in order, wherever it goes on.
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/integration/stream/served.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

json pulled(Community& hub, std::size_t collection) {
  auto page = hub.world.get(
      "/taxii2/root/collections/" + hub.collections[collection] + "/objects/?match[version]=all&limit=10000",
      hub.cloud);
  REQUIRE(page.status == 200);
  return json::parse(page.body).at("objects");
}

}  // namespace

TEST_CASE("a stream tells of what is published from now on, with the bytes that are stored", "[stream]") {
  Community hub;
  Served served(hub.world);
  hub.write();
  auto reader = served.follow(hub.cloud);
  CHECK(reader.head().contains("Content-Type: text/event-stream\r\n"));
  CHECK(reader.head().contains("Cache-Control: no-store\r\n"));
  auto id = hub.write();
  auto event = reader.next();
  REQUIRE(event.has_value());
  CHECK(event->object_id() == id);
  CHECK(event->json().at("collection") == hub.collections[0]);
  auto manifest = json::parse(hub.world.get("/taxii2/root/collections/one/manifest/?match[id]=" + id, hub.cloud).body);
  CHECK(event->json().at("date_added") == manifest.at("objects").at(0).at("date_added"));
  auto stored = hub.world.get("/taxii2/root/collections/one/objects/" + id + "/", hub.cloud).body;
  auto object = event->data.substr(event->data.find(",\"object\":") + 10);
  object.erase(object.rfind(",\"date_added\""));
  CHECK(stored == "{\"more\":false,\"objects\":[" + object + "]}");
}

TEST_CASE("an event arrives within a second of the answer to its submission", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  for (int i = 0; i < 20; ++i) {
    auto id = hub.write();
    auto stored = std::chrono::steady_clock::now();
    CHECK(next_object(reader) == id);
    CHECK(std::chrono::steady_clock::now() - stored < std::chrono::seconds(1));
  }
}

TEST_CASE("whoever goes on from any event misses nothing and is told nothing twice while others write", "[stream]") {
  constexpr int kObjects = 400;
  Community hub;
  Served served(hub.world);
  Random random;
  auto place = served.follow(hub.cloud).last_id();
  std::thread writer([&] {
    for (int i = 0; i < kObjects; ++i) {
      hub.write(i % 3 == 1 ? Community::tlp("red") : "", static_cast<std::size_t>(i % 2));
      if (i % 50 == 0) hub.write("", 0, "tool");
    }
    hub.write("", 1, "campaign");  // the last
  });
  json told[2] = {json::array(), json::array()};
  for (bool last = false; !last;) {
    auto reader = served.follow(hub.cloud, "", place);
    for (auto left = random.below(60); left > 0 && !last; --left) {
      auto event = reader.next();
      REQUIRE(event.has_value());
      place = event->id;
      auto data = event->json();
      told[data.at("collection") == hub.collections[1]].push_back(data.at("object"));
      last = data.at("object").at("type") == "campaign";
    }
  }
  writer.join();
  CHECK(told[0] == pulled(hub, 0));
  CHECK(told[1] == pulled(hub, 1));
}

TEST_CASE("a client that cannot set a header goes on by a parameter, and the header goes before it", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto begin = served.follow(hub.cloud).last_id();
  auto first = hub.write(), second = hub.write();
  auto reader = served.follow(hub.cloud, "?after=" + begin);
  CHECK(next_object(reader) == first);
  auto behind_first = reader.last_id();
  CHECK(next_object(reader) == second);
  auto other = served.follow(hub.cloud, "?after=" + begin, behind_first);
  CHECK(next_object(other) == second);
}

TEST_CASE("a place that is not of this server is refused", "[stream]") {
  Community hub, elsewhere;
  Served served(hub.world), there(elsewhere.world);
  for (int i = 0; i < 3; ++i) hub.write();
  auto page = json::parse(hub.world.get("/taxii2/root/collections/one/objects/?limit=1", hub.cloud).body);
  auto foreign = there.follow(elsewhere.cloud).last_id();
  auto own = served.follow(hub.cloud).last_id();
  auto changed = own;
  changed[own.size() / 2] = changed[own.size() / 2] == 'A' ? 'B' : 'A';
  for (auto const& place : {std::string("x"), page.at("next").get<std::string>(), foreign, changed})
    CHECK(served.ask(hub.cloud, "", place).status() == 400);
  auto as_next = hub.world.get("/taxii2/root/collections/one/objects/?next=" + own, hub.cloud);
  CHECK(as_next.status == 400);
}

TEST_CASE("a place from a time that the database no longer knows is refused", "[stream]") {
  Community hub;
  auto before = hub.world.twin();
  hub.write();
  Served served(hub.world), restored(*before);
  auto place = served.follow(hub.cloud).last_id();
  CHECK(restored.ask(hub.cloud, "", place).status() == 400);
}

TEST_CASE("a stream can be of some collections and some types only", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto one = served.follow(hub.cloud, "?collection=two&match[type]=tool,campaign");
  auto both = served.follow(hub.cloud, "?collection=two&collection=" + hub.collections[0] + "&match[type]=tool");
  hub.write("", 0, "tool");
  hub.write("", 1);
  auto wanted = hub.write("", 1, "tool");
  CHECK(next_object(one) == wanted);
  CHECK(next_object(both) != wanted);
  CHECK(next_object(both) == wanted);
  auto limited = hub.world.add_token({"cloud", {"feed"}, "", {}, {}, {hub.collections[0]}, {}, {}});
  CHECK(served.ask(limited, "?collection=two").status() == 404);
  CHECK(served.ask(limited, "?collection=three").status() == 404);
  auto its = served.follow(limited);
  hub.write("", 1);
  wanted = hub.write("", 0);
  CHECK(next_object(its) == wanted);
}

TEST_CASE("a parameter that a stream does not have is refused", "[stream]") {
  Community hub;
  Served served(hub.world);
  for (auto const* query : {"?added_after=2026-01-01T00:00:00Z", "?match[id]=x", "?colection=one", "?limit=5"})
    CHECK(served.ask(hub.cloud, query).status() == 400);
}

TEST_CASE("a collection that is made while a stream is open is in it", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  hub.collections.push_back(hub.world.add_collection("three", "green"));
  auto id = hub.write("", 2);
  CHECK(next_object(reader) == id);
}

TEST_CASE("a credential for TLP 1 is told of markings in its words", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.world.add_token({"cloud", {"feed"}, "", {}, {}, {}, {}, {}, "tlp1"}));
  hub.write(Community::tlp("amber"));
  auto event = reader.next();
  REQUIRE(event.has_value());
  CHECK(event->json().at("object").at("object_marking_refs").at(0) ==
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82");
}

TEST_CASE("a reader who takes nothing delays nobody, and finds everything when it goes on", "[stream]") {
  constexpr int kObjects = 3'000;  // more than fits into sockets
  Community hub;
  // Nothing ends the stalled stream, however long a busy machine takes for the rest.
  Served served(hub.world, {.write_timeout = std::chrono::minutes(10)});
  auto slow = served.follow(hub.cloud), quick = served.follow(hub.cloud);
  std::string padding(4'000, 'x');
  std::vector<std::string> ids;
  for (int i = 0; i < kObjects / 100; ++i) {
    std::vector<std::string> objects;
    for (int j = 0; j < 100; ++j) {
      ids.push_back("tool--00000000-0000-4000-8000-" + std::to_string(200'000'000'000 + i * 100 + j));
      objects.push_back(json{
          {"id", ids.back()},
          {"type", "tool"},
          {"spec_version", "2.1"},
          {"created", "2024-01-01T00:00:00.000Z"},
          {"modified", "2024-01-01T00:00:00.000Z"},
          {"name", padding}}.dump());
    }
    REQUIRE(hub.world.submit(hub.collections[0], hub.lab, objects).status == 202);
  }
  for (auto const& id : ids) REQUIRE(next_object(quick) == id);
  for (auto const& id : ids) REQUIRE(next_object(slow) == id);
}
