// How a stream ends, and how many there may be.
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "tests/integration/stream/served.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

using Clock = std::chrono::steady_clock;

// The stream has nothing but an event `end` left, which comes within a second of `since`.
void require_end(EventReader& reader, Clock::time_point since, std::string const& why) {
  auto event = reader.next();
  auto took = Clock::now() - since;
  REQUIRE(event.has_value());
  CHECK(event->name == "end");
  CHECK(event->id.empty());
  CHECK(event->json().at("code") == "unauthorized");
  CHECK(event->json().at("why").get<std::string>().starts_with(why));
  CHECK(took < std::chrono::seconds(1));
  CHECK_FALSE(reader.next().has_value());
  CHECK(reader.whole());
}

}  // namespace

TEST_CASE("a stream ends within a second when its token is revoked, and tells of nothing after", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  auto since = Clock::now();
  hub.world.revoke_token(hub.cloud);
  hub.write();
  require_end(reader, since, "The credential was revoked.");
}

TEST_CASE("a stream ends when its organisation is disabled", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  auto since = Clock::now();
  hub.world.disable_organisation("cloud");
  require_end(reader, since, "The organisation was disabled.");
}

TEST_CASE("a stream ends when its credential expires", "[stream]") {
  Community hub;
  auto& context = hub.world.instance().context();
  auto soon = stix::Timestamp::from_microseconds(context.clock.now_us() + 1'500'000);
  access::NewCredential wanted{"cloud", {"feed"}, "", {}, {}, {}, {}, {}};
  wanted.expires = soon.text_microseconds();
  auto token = hub.world.add_token(wanted);
  Served served(hub.world);
  auto reader = served.follow(token);
  auto event = reader.next();
  REQUIRE(event.has_value());
  CHECK(event->name == "end");
  CHECK(event->json().at("why").get<std::string>().starts_with("The credential has expired."));
  CHECK(context.clock.now_us() >= soon.microseconds());
}

TEST_CASE("streams end at once and whole when the server stops", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto first = served.follow(hub.cloud), second = served.follow(hub.lab);
  auto since = Clock::now();
  served.stop();
  CHECK(Clock::now() - since < std::chrono::seconds(3));
  for (EventReader* reader : {&first, &second}) {
    CHECK_FALSE(reader->next().has_value());
    CHECK(reader->whole());
  }
  CHECK(hub.open_streams() == 0);
}

TEST_CASE("the place of a stream is free again soon after its reader has gone", "[stream]") {
  Community hub;
  Served served(hub.world);
  {
    auto first = served.follow(hub.cloud), second = served.follow(hub.cloud);
    CHECK(hub.open_streams() == 2);
  }
  CHECK(eventually([&] { return hub.open_streams() == 0; }));
}

TEST_CASE("an organisation has a quarter of the streams, and other organisations the rest", "[stream]") {
  Community hub;
  hub.world.instance().context().streams.set_most(12);  // 8 of one
  Served served(hub.world);
  std::vector<EventReader> open;
  for (int i = 0; i < 8; ++i) open.push_back(served.follow(hub.cloud));
  CHECK(served.ask(hub.cloud).status() == 503);
  for (int i = 0; i < 4; ++i) open.push_back(served.follow(hub.lab));
  CHECK(served.ask(hub.lab).status() == 503);
  CHECK(hub.open_streams() == 12);
  open.erase(open.begin());
  CHECK(eventually([&] { return served.ask(hub.lab).status() == 200; }));
}

TEST_CASE("open streams take no place from requests", "[stream]") {
  Community hub;
  hub.world.instance().context().in_flight.set_most(1);
  Served served(hub.world);
  auto first = served.follow(hub.cloud), second = served.follow(hub.cloud);
  auto id = hub.write();
  CHECK(hub.world.get("/api/v1/me", hub.cloud).status == 200);
  auto event = first.next();
  REQUIRE(event.has_value());
  CHECK(event->object_id() == id);
}

TEST_CASE("who asks for the head of a stream opens none", "[stream]") {
  Community hub;
  Call call;
  call.method = "HEAD";
  call.target = "/api/v1/stream";
  call.token = hub.cloud;
  auto answer = hub.world.ask(call);
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "text/event-stream");
  CHECK(hub.open_streams() == 0);
}

TEST_CASE("a reader who takes nothing for the time of an answer loses its place", "[stream]") {
  Community hub;
  Served served(hub.world, {.write_timeout = std::chrono::milliseconds(500)});
  auto slow = served.follow(hub.cloud);
  std::string const padding(900'000, 'x');
  for (int i = 0; i < 24; ++i) {  // more than sockets hold
    nlohmann::json tool{{"id", "tool--00000000-0000-4000-8000-" + std::to_string(400'000'000'000 + i)},
                        {"type", "tool"},
                        {"spec_version", "2.1"},
                        {"created", "2024-01-01T00:00:00.000Z"},
                        {"modified", "2024-01-01T00:00:00.000Z"},
                        {"name", padding}};
    REQUIRE(hub.world.submit(hub.collections[0], hub.lab, {tool.dump()}).status == 202);
  }
  CHECK(eventually([&] { return hub.open_streams() == 0; }));
}
